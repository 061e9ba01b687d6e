import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, extendLease, releaseLease } from '@tidemark/db';
import { type Fixture, openFixture, startedSync } from './fixtures.ts';

let fixture: Fixture;
let db: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

async function acquire(key: string, owner: string, seconds = 60): Promise<bigint | null> {
  const [row] = await db.sql<
    { token: string | null }[]
  >`SELECT acquire_sync_lock(${key}, ${owner}, ${seconds}) AS token`;
  return row?.token == null ? null : BigInt(row.token);
}

describe('leases', () => {
  test('of many that ask at once one gets the lease', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => acquire('many', `owner-${index}`)),
    );
    expect(tokens.filter((token) => token !== null)).toHaveLength(1);
  });

  test('an expired lease is free, and its next token is greater', async () => {
    const first = await acquire('expiring', 'a', 0);
    const second = await acquire('expiring', 'b');
    expect(second).not.toBeNull();
    expect((second ?? 0n) > (first ?? 0n)).toBe(true);
  });

  test('tokens grow also over a released lease', async () => {
    const first = await acquire('released', 'a');
    await db.sql`SELECT release_sync_lock('released', ${String(first)}::bigint)`;
    const second = await acquire('released', 'a');
    expect((second ?? 0n) > (first ?? 0n)).toBe(true);
  });

  test('the same owner takes its lease over, and the former token is worth nothing', async () => {
    const [first, second] = [await acquire('again', 'a'), await acquire('again', 'a')];
    const [row] = await db.sql`
      SELECT extend_sync_lock('again', ${String(first)}::bigint) AS old, extend_sync_lock('again', ${String(second)}::bigint) AS new`;
    expect(row).toEqual({ old: false, new: true });
  });

  test('one owner that asks many times at once ends with the greatest of the tokens it was given', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => acquire('stampede', 'a')));
    const given = tokens.filter((token) => token !== null);
    const [row] = await db.sql<
      { token: string }[]
    >`SELECT fencing_token AS token FROM sync_locks WHERE key = 'stampede'`;
    const [greatest] = given.toSorted((a, b) => (a > b ? -1 : 1));
    expect(BigInt(row?.token ?? 0)).toBe(greatest);
  });

  test('I6 an expired lease cannot be extended, a foreign one not released', async () => {
    const token = await acquire('dead', 'a', 0);
    const [row] = await db.sql`
      SELECT extend_sync_lock('dead', ${String(token)}::bigint) AS extended, release_sync_lock('dead', 1) AS released`;
    expect(row).toEqual({ extended: false, released: false });
  });

  test('cleanup removes what ran out and nothing else', async () => {
    await acquire('stale-1', 'a', 0);
    await acquire('fresh-1', 'a', 60);
    await db.sql`SELECT cleanup_expired_locks()`;
    const keys = (await db.sql<{ key: string }[]>`SELECT key FROM sync_locks`).map(({ key }) => key);
    expect(keys).toContain('fresh-1');
    expect(keys).not.toContain('stale-1');
  });

  test('extending a lease moves the heartbeat of its sync, losing it does not', async () => {
    const syncId = await startedSync(db, fixture.connectionId);
    const token = String(await acquire('beat', 'a'));
    expect(await extendLease(db, { key: 'beat', fencingToken: token, leaseSeconds: 60, syncId })).toBe(true);
    const [held] = await db.sql`SELECT heartbeat_at IS NOT NULL AS beaten FROM syncs WHERE id = ${syncId}`;
    expect(held).toEqual({ beaten: true });
    await releaseLease(db, { key: 'beat', fencingToken: token });
    expect(await extendLease(db, { key: 'beat', fencingToken: token, leaseSeconds: 60, syncId })).toBe(false);
  });
});
