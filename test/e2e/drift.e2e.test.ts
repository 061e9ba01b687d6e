import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { planDrift } from '../support/drift/plan.ts';
import { type DriftStage, openDriftStage } from '../support/drift/run.ts';
import { createTestDatabase } from '../support/postgres.ts';

let stage: DriftStage;
beforeAll(async () => {
  const { url } = await createTestDatabase();
  stage = await openDriftStage(url);
}, 120_000);
afterAll(async () => {
  await stage.close();
});

test.each([1, 4, 5])(
  'M24 M25 a Page that lives while it is walked is complete after the next incremental sync (seed %i)',
  async (seed) => {
    const verdict = await stage.run(planDrift(seed));
    expect(verdict.problems).toEqual([]);
    expect(verdict.changes).toBeGreaterThan(0);
  },
  240_000,
);
