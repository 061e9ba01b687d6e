import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEventBus, type EngineEventName } from '@tidemark/core/events';
import { beatWorker, claimPage } from '@tidemark/db';
import { openQueues, type Queues, QueueUnavailableError } from '@tidemark/queue';
import {
  addConnection,
  type Fixture,
  newWorkerId,
  openFixture,
  startedSync,
} from '../../../../packages/db/test/ops/fixtures.ts';
import { startRedis, type TestRedis } from '../../../../test/support/redis.ts';
import { outboxRelay } from '../../src/services/outbox-relay.ts';
import { sweep } from '../../src/services/sweep.ts';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const fail = (name: string, error: unknown) => {
  throw new Error(`${name}: ${String(error)}`);
};

let fixture: Fixture;
let redis: TestRedis;
let queues: Queues;
let accounts = 0;
beforeAll(async () => {
  fixture = await openFixture();
  redis = await startRedis();
  queues = await openQueues({ redisUrl: redis.url, databaseUrl: fixture.url, logger: SILENT, callMs: 5_000 });
});
afterAll(async () => {
  await queues.close();
  await redis.stop();
  await fixture.close();
});

/** So long that nothing is taken for lost because the machine was busy; times are set back instead. */
const SWEEP_SECONDS = 600;

function services() {
  const events = createEventBus(() => {});
  const names: EngineEventName[] = [];
  events.subscribe((name) => names.push(name));
  const deps = { db: fixture.db, queues, events, workerId: newWorkerId() };
  return { relay: outboxRelay(deps, fail), sweeper: sweep(deps, SWEEP_SECONDS, fail), names };
}

async function quietSync(): Promise<string> {
  accounts += 1;
  const syncId = await startedSync(fixture.db, await addConnection(fixture.db, `quiet-${accounts}`));
  await fixture.db.sql`UPDATE syncs SET created_at = now() - interval '1 hour' WHERE id = ${syncId}`;
  await fixture.db.sql`DELETE FROM outbox WHERE payload->'payload'->>'syncId' = ${syncId}`;
  return syncId;
}

async function pickupOf(syncId: string): Promise<number | undefined> {
  const [row] = await fixture.db.sql<{ pickup: number }[]>`SELECT pickup FROM syncs WHERE id = ${syncId}`;
  return row?.pickup;
}

describe('the sweep', () => {
  test('puts a job back that the queue lost, once, also after FLUSHALL', async () => {
    const syncId = await quietSync();
    await queues.add({ name: 'sync-page', payload: { syncId, seq: 0, pickup: 0 }, priority: 5 });
    const { sweeper, names } = services();
    await sweeper.runOnce();
    expect([await pickupOf(syncId), names]).toEqual([0, ['pages.aged']]);

    await redis.flush();
    await sweeper.runOnce();
    expect(await pickupOf(syncId)).toBe(1);
    expect(await queues.isQueued('sync-page', { syncId, seq: 0, pickup: 1 })).toBe(true);
    await fixture.db.sql`UPDATE syncs SET heartbeat_at = now() - interval '1 hour' WHERE id = ${syncId}`;
    await sweeper.runOnce();
    expect(await pickupOf(syncId)).toBe(1);
  });

  test('takes up a page that is due by the clock of PostgreSQL and put off by another one', async () => {
    const syncId = await quietSync();
    const payload = { syncId, seq: 0, pickup: 0 };
    await queues.add({ name: 'sync-page', payload, priority: 5, delayMs: 3_600_000 });
    const { sweeper } = services();
    await fixture.db.sql`UPDATE syncs SET next_run_at = now() + interval '1 hour' WHERE id = ${syncId}`;
    await sweeper.runOnce();
    expect(await pickupOf(syncId)).toBe(0);
    await fixture.db.sql`UPDATE syncs SET next_run_at = now() - interval '1 hour' WHERE id = ${syncId}`;
    await sweeper.runOnce();
    expect(await pickupOf(syncId)).toBe(1);
    const anew = [{ name: 'sync-page' as const, payload: { ...payload, pickup: 1 } }];
    expect((await queues.whichQueued(anew, { delayed: false })).size).toBe(1);
  });

  test('takes up the page of a worker that fell silent, whatever the queue says of its job', async () => {
    const syncId = await quietSync();
    const worker = newWorkerId();
    await beatWorker(fixture.db, { id: worker, host: 'h', pid: 1, concurrency: 1 });
    const [row] = await fixture.db.sql<
      { id: string }[]
    >`SELECT connection_id AS id FROM syncs WHERE id = ${syncId}`;
    const page = { syncId, connectionId: row?.id ?? '', seq: 0, pickup: 0, worker, leaseSeconds: 300 };
    expect((await claimPage(fixture.db, page)).kind).toBe('claimed');
    await queues.add({ name: 'sync-page', payload: { syncId, seq: 0, pickup: 0 }, priority: 5 });
    const { sweeper, names } = services();
    await sweeper.runOnce();
    expect(await pickupOf(syncId)).toBe(0);
    await fixture.db.sql`UPDATE workers SET heartbeat_at = now() - interval '7 minutes' WHERE id = ${worker}`;
    await sweeper.runOnce();
    expect(await pickupOf(syncId)).toBe(1);
    expect(names).toEqual(['worker.lost', 'work.recovered']);
    const other = { ...page, pickup: 1, worker: newWorkerId() };
    expect((await claimPage(fixture.db, other)).kind).toBe('claimed');
  });
});

describe('the outbox relay', () => {
  test('brings a first page to the queue whose start died before the enqueue', async () => {
    accounts += 1;
    const syncId = await startedSync(fixture.db, await addConnection(fixture.db, `relay-${accounts}`));
    await fixture.db.sql`UPDATE outbox SET created_at = now() - interval '5 seconds'`;
    const { relay } = services();
    await relay.runOnce();
    expect(await queues.isQueued('sync-page', { syncId, seq: 0, pickup: 0 })).toBe(true);
    expect(await fixture.db.sql`SELECT 1 FROM outbox`).toHaveLength(0);
  });

  test('keeps what it cannot deliver while the queue is away', async () => {
    accounts += 1;
    await startedSync(fixture.db, await addConnection(fixture.db, `away-${accounts}`));
    await fixture.db.sql`UPDATE outbox SET created_at = now() - interval '5 seconds'`;
    const { relay } = services();
    await redis.stop();
    await expect(relay.runOnce()).rejects.toBeInstanceOf(QueueUnavailableError);
    expect(await fixture.db.sql`SELECT 1 FROM outbox`).toHaveLength(1);
  });
});
