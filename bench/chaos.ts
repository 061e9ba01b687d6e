/**
 * The long form of the chaos tests: many seeds, in each of them everything goes wrong that can, and at the end what is
 * stored has to equal the source's ledger. See README.md.
 */
import { parseArgs } from 'node:util';
import { planChaos } from '../test/support/chaos/plan.ts';
import { runChaos, type Verdict } from '../test/support/chaos/run.ts';
import { startProgram } from './support/processes.ts';
import { openServices } from './support/services.ts';
import { print } from './support/table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '12' },
    /** The first seed; the others count up from it. */
    from: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const COUNT = Number(values.seeds);
const FROM = Number(values.from);

const services = await openServices();
let bad = 0;
print('', `${COUNT} seeds from ${FROM}; one of them again: --seeds 1 --from SEED`, '');
try {
  for (let seed = FROM; seed < FROM + COUNT; seed += 1) {
    const plan = planChaos(seed);
    const startedAt = performance.now();
    const verdict = await runChaos(plan, { ...services, startProgram }).catch(
      (error: unknown): Verdict => ({
        problems: [error instanceof Error ? error.message : String(error)],
        happened: [],
        pages: 0,
        readAgain: 0,
      }),
    );
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
    const { problems, happened, pages, readAgain } = verdict;
    const word = problems.length === 0 ? 'ok ' : 'BAD';
    const figures = `${String(pages).padStart(3)} pages, ${readAgain} read again`;
    const faults = `${plan.faults.length} kinds of faults`;
    print(
      `${seed}  ${word}  ${plan.backend.padEnd(8)}  ${seconds} s  ${figures}  ${[faults, ...happened].join(', ')}`,
    );
    for (const problem of problems) print(`    ${problem}`);
    if (problems.length > 0) bad += 1;
  }
} finally {
  await services.end();
}
print('', `${COUNT - bad} of ${COUNT} seeds ended with exactly what the source holds`, '');
process.exitCode = bad === 0 ? 0 : 1;
