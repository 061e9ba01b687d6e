import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEventBus, type EngineEventName, type EngineEvents } from '@tidemark/core/events';
import { STUCK_AFTER_MS } from '@tidemark/core/sync';
import { type Database, listStuckSyncs } from '@tidemark/db';
import {
  addConnection,
  claimed,
  type Fixture,
  openFixture,
  startedSync,
} from '../../../../packages/db/test/ops/fixtures.ts';
import { stuckWatch } from '../../src/services/stuck-watch.ts';

let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [row] = await db.sql<{ id: string }[]>`SELECT tenant_id AS id FROM connections`;
  tenantId = row?.id ?? '';
});
afterAll(() => fixture.close());

const fail = (name: string, error: unknown) => {
  throw new Error(`${name}: ${String(error)}`);
};

/** The watch of one worker, and what it reported. */
function watcher() {
  const events = createEventBus(() => {});
  const seen: { name: EngineEventName; fields: EngineEvents[EngineEventName] }[] = [];
  events.subscribe((name, fields) => seen.push({ name, fields }));
  return { round: stuckWatch({ db, events }, 5, fail).runOnce, seen };
}

let accounts = 0;
async function sync() {
  accounts += 1;
  const connectionId = await addConnection(db, `stuck-${accounts}`);
  return { connectionId, syncId: await startedSync(db, connectionId) };
}

const secondsOf = (ms: number) => ms / 1_000;
async function quiet(syncId: string, ms: number): Promise<void> {
  await db.sql`
    UPDATE syncs SET created_at = now() - make_interval(secs => ${secondsOf(ms)}),
      heartbeat_at = CASE WHEN heartbeat_at IS NOT NULL THEN now() - make_interval(secs => ${secondsOf(ms)}) END
    WHERE id = ${syncId}`;
}

describe('a stuck sync', () => {
  test('E20: that nobody takes up is reported once, by one of the workers, and so is its end', async () => {
    const { syncId, connectionId } = await sync();
    await quiet(syncId, STUCK_AFTER_MS.untaken + 5_000);
    const watchers = Array.from({ length: 8 }, watcher);
    const all = () => watchers.flatMap(({ seen }) => seen);
    for (let round = 0; round < 3; round += 1) await Promise.all(watchers.map((one) => one.round()));
    expect(all()).toMatchObject([
      { name: 'sync.stuck', fields: { syncId, connectionId, seq: 0, reason: 'untaken' } },
    ]);
    expect(await listStuckSyncs(db, { tenantId, limit: 10 })).toMatchObject([{ syncId, reason: 'untaken' }]);

    await claimed(db, { syncId, connectionId, seq: 0 });
    for (let round = 0; round < 2; round += 1) await Promise.all(watchers.map((one) => one.round()));
    expect(all().map(({ name }) => name)).toEqual(expect.arrayContaining(['sync.stuck', 'sync.unstuck']));
    expect(all()).toHaveLength(2);
    expect(await listStuckSyncs(db, { tenantId, limit: 10 })).toEqual([]);
    await db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${syncId}`;
  });

  test('E20: that is at one page for too long is reported, though its lease is extended; again when it is again', async () => {
    const { syncId, connectionId } = await sync();
    await claimed(db, { syncId, connectionId, seq: 0 });
    const overdue = () => db.sql`
      UPDATE sync_locks SET acquired_at = now() - make_interval(secs => ${secondsOf(STUCK_AFTER_MS.page) + 5})
      WHERE key = ${`sync-${connectionId}`}`;
    const { round, seen } = watcher();
    await round();
    expect(seen).toEqual([]);
    await overdue();
    await round();
    await claimed(db, { syncId, connectionId, seq: 0 });
    await round();
    await overdue();
    await round();
    expect(seen.map(({ name }) => name)).toEqual(['sync.stuck', 'sync.unstuck', 'sync.stuck']);
    expect(seen[0]).toMatchObject({ fields: { syncId, reason: 'overdue' } });
    await db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${syncId}`;
    await round();
    expect(seen.at(-1)).toMatchObject({ name: 'sync.unstuck', fields: { syncId } });
  });

  test('is found behind any number of others that rest for longer', async () => {
    for (let count = 0; count < 5; count += 1) {
      const resting = await sync();
      await db.sql`UPDATE syncs SET status = 'paused' WHERE id = ${resting.syncId}`;
      await quiet(resting.syncId, 100 * STUCK_AFTER_MS.untaken);
    }
    const { syncId } = await sync();
    await quiet(syncId, STUCK_AFTER_MS.untaken + 5_000);
    expect(await listStuckSyncs(db, { tenantId, limit: 1 })).toMatchObject([{ syncId }]);
    await db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${syncId}`;
  });

  test('is none that is paused, waits for a known time, or is done', async () => {
    const paused = await sync();
    await db.sql`UPDATE syncs SET status = 'paused' WHERE id = ${paused.syncId}`;
    const waiting = await sync();
    await db.sql`UPDATE syncs SET next_run_at = now() + interval '1 hour' WHERE id = ${waiting.syncId}`;
    const done = await sync();
    await db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${done.syncId}`;
    for (const { syncId } of [paused, waiting, done]) await quiet(syncId, 10 * STUCK_AFTER_MS.page);
    const { round, seen } = watcher();
    await round();
    expect(seen).toEqual([]);
  });
});

describe('a lease that outlived its work', () => {
  test('E20: is removed and reported once; one that just ran out is left to be taken over', async () => {
    const { connectionId } = await sync();
    const [old, young] = [`sync-${connectionId}`, 'sync-young'];
    await db.sql`SELECT acquire_sync_lock(${old}, 'somebody', 60), acquire_sync_lock(${young}, 'somebody', 60)`;
    const expire = (key: string, seconds: number) => db.sql`
      UPDATE sync_locks SET expires_at = now() - make_interval(secs => ${seconds}) WHERE key = ${key}`;
    await expire(old, secondsOf(STUCK_AFTER_MS.lease) + 5);
    await expire(young, 1);
    const watchers = Array.from({ length: 5 }, watcher);
    await Promise.all(watchers.map((one) => one.round()));
    const outlived = watchers.flatMap(({ seen }) => seen).filter(({ name }) => name === 'lease.outlived');
    expect(outlived).toMatchObject([{ fields: { key: old, owner: 'somebody' } }]);
    const left = await db.sql`SELECT key FROM sync_locks WHERE owner = 'somebody'`;
    expect(left).toMatchObject([{ key: young }]);
  });
});
