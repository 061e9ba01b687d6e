import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, listLimitPools, reportResponseTimes } from '@tidemark/db';
import { type Fixture, openFixture } from './fixtures.ts';

const POOLS = ['a', 'b'];
let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [row] = await db.sql<{ id: string }[]>`SELECT tenant_id AS id FROM connections`;
  tenantId = row?.id ?? '';
});
beforeEach(async () => {
  await db.sql`DELETE FROM connection_pools`;
  await db.sql`DELETE FROM limit_pools`;
  await db.sql`INSERT INTO limit_pools (pool, max_calls, per_seconds) VALUES ('a', 20, 2), ('b', 20, 2)`;
  await db.sql`INSERT INTO connection_pools SELECT ${fixture.connectionId}::uuid, pool FROM limit_pools`;
});
afterAll(() => fixture.close());

async function poolA() {
  const { rows } = await listLimitPools(db, { tenantId, limit: 10, after: null, pool: 'a' });
  return rows[0];
}

describe('response times of a pool', () => {
  test('E19: of several workers that report at once none forgets what another one saw', async () => {
    await reportResponseTimes(db, POOLS, [300]);
    const orders = [POOLS, ['b', 'a']];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => reportResponseTimes(db, orders[index % 2] ?? [], [2_400])),
    );
    // What is left of the first time after 20 answers: 0.75 ^ 20 of the difference.
    expect((await poolA())?.responseMs).toBeGreaterThan(2_380);
  });

  test('E19: widen the spacing that is shown, and no longer after two minutes without a call', async () => {
    expect(await poolA()).toMatchObject({
      responseMs: null,
      usualResponseMs: null,
      spacingMs: 104,
      slowedBy: null,
    });
    await reportResponseTimes(db, ['a'], [300]);
    expect(await poolA()).toMatchObject({
      responseMs: 300,
      usualResponseMs: 300,
      spacingMs: 104,
      slowedBy: null,
    });
    await db.sql`UPDATE limit_pools SET response_ms = 1200`;
    expect(await poolA()).toMatchObject({
      responseMs: 1_200,
      usualResponseMs: 300,
      spacingMs: 208,
      slowedBy: 'responses',
    });
    await db.sql`UPDATE limit_pools SET response_at = now() - interval '121 seconds'`;
    expect(await poolA()).toMatchObject({
      responseMs: null,
      usualResponseMs: 300,
      spacingMs: 104,
      slowedBy: null,
    });
  });

  test('usage that was reported long ago slows nothing either', async () => {
    await db.sql`UPDATE limit_pools SET used_share = 0.75, used_share_at = now()`;
    expect(await poolA()).toMatchObject({ usedShare: 0.75, spacingMs: 208, slowedBy: 'usage' });
    await db.sql`UPDATE limit_pools SET used_share_at = now() - interval '121 seconds'`;
    expect(await poolA()).toMatchObject({ usedShare: 0.75, spacingMs: 104, slowedBy: null });
  });

  test('a pool that is gone is passed over', async () => {
    await reportResponseTimes(db, ['a', 'gone'], [500]);
    expect((await poolA())?.responseMs).toBe(500);
  });
});
