/**
 * Pages that live while they are walked: messages that move threads to the top, new conversations, cursors that go stale
 * in every way, pages that must shrink or cannot be had, pauses. After the next quiet incremental sync what is stored has
 * to equal the source's ledger, for every seed.
 */
import { parseArgs } from 'node:util';
import { planDrift } from '../test/support/drift/plan.ts';
import { openDriftStage } from '../test/support/drift/run.ts';
import { openServices } from './support/services.ts';
import { print, whole } from './support/table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    /** The first seed; the others count up from it. */
    from: { type: 'string', default: '1' },
  },
});
const COUNT = Number(values.seeds);
const FROM = Number(values.from);

const services = await openServices();
const sums = { pages: 0, changes: 0, lostCursors: 0, failedPages: 0 };
const bad: number[] = [];
try {
  const stage = await openDriftStage(await services.createDatabase());
  for (let seed = FROM; seed < FROM + COUNT; seed += 1) {
    const { problems, ...figures } = await stage.run(planDrift(seed));
    for (const key of ['pages', 'changes', 'lostCursors', 'failedPages'] as const) sums[key] += figures[key];
    if (problems.length === 0) continue;
    bad.push(seed);
    print(`${seed}  BAD`, ...problems.map((problem) => `    ${problem}`));
  }
  await stage.close();
} finally {
  await services.end();
}
print(
  '',
  `${COUNT} seeds from ${FROM}: ${whole(sums.pages)} pages, ${whole(sums.changes)} changes in between, ` +
    `${whole(sums.lostCursors)} lost cursors, ${whole(sums.failedPages)} pages that could not be had`,
  bad.length === 0
    ? `${COUNT} of ${COUNT} seeds ended with exactly what the source holds`
    : `BROKEN: ${bad.join(' ')}; one of them again: --seeds 1 --from SEED`,
  '',
);
process.exitCode = bad.length === 0 ? 0 : 1;
