/**
 * What `script/test` runs: every check and every test, or, with arguments, jest alone with these. All of them run,
 * whatever fails, and the last line says how many passed.
 */
import { CHECKS, failureOf } from './checks.ts';
import { runJest } from './run-jest.ts';

const jestArguments = process.argv.slice(2);
let passed = 0;
let failed = 0;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (jestArguments.length === 0) {
  for (const check of CHECKS) {
    const startedAt = Date.now();
    const failure = await failureOf(check);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (failure === undefined) passed += 1;
    else failed += 1;
    if (failure !== undefined) print(failure.trimEnd());
    print(`${failure === undefined ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
  }
}

const tests = await runJest(jestArguments);
passed += tests.passed;
failed += tests.failed + tests.problems.length;
for (const problem of tests.problems) print(`FAILED ${problem}`);
if (tests.skipped > 0) print(`${tests.skipped} skipped`);
print(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
