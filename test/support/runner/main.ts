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

/**
 * Tests that kill processes, or hold the program to a rate, have the machine for themselves: beside others they would
 * measure how busy it is.
 */
const ALONE = String.raw`\.chaos\.test\.ts$|/shared-pool\.|/limiter-processes\.`;

const runs =
  jestArguments.length > 0
    ? [jestArguments]
    : [
        ['--testPathIgnorePatterns', ALONE],
        ['--runInBand', '--testPathPatterns', ALONE],
      ];
for (const run of runs) {
  const tests = await runJest(run);
  passed += tests.passed;
  failed += tests.failed + tests.problems.length;
  for (const problem of tests.problems) print(`FAILED ${problem}`);
  if (tests.skipped > 0) print(`${tests.skipped} skipped`);
}
print(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
