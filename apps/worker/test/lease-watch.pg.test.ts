import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  breakLease,
  buryDeadWorkers,
  type Database,
  leaseKey,
  openDatabase,
  pauseSync,
  takeUpPage,
} from '@tidemark/db';
import { addConnection, claimed, newWorkerId, startedSync } from '../../../packages/db/test/ops/fixtures.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { createRunningPages, type RunningPages } from '../src/jobs/running-pages.ts';
import { leaseWatch } from '../src/services/lease-watch.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, max: 5, applicationName: 'watch-test' });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const fail = (name: string, error: unknown) => {
  throw new Error(`${name}: ${String(error)}`);
};

interface WatchedPage {
  tenantId: string;
  syncId: string;
  connectionId: string;
  signal: AbortSignal;
  leave(): void;
}

/** A page this process is at. */
async function enter(runningPages: RunningPages): Promise<WatchedPage> {
  const connectionId = await addConnection(db, `watch-${crypto.randomUUID()}`);
  const syncId = await startedSync(db, connectionId);
  const fencingToken = await claimed(db, { syncId, connectionId, seq: 0, worker: newWorkerId() });
  const page = runningPages.enter({ key: leaseKey(connectionId), fencingToken, syncId, pickup: 0 });
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
  return { tenantId: tenant?.id ?? '', syncId, connectionId, ...page };
}

/** What takes a lease from its holder, each in its own way. */
const TAKINGS: [string, (page: WatchedPage) => Promise<unknown>][] = [
  ['a pause', ({ tenantId, syncId }) => pauseSync(db, { tenantId, syncId, cause: 'test' })],
  ['an operator', ({ tenantId, connectionId }) => breakLease(db, { tenantId, key: leaseKey(connectionId) })],
  ['a sweep that takes the worker for dead', () => buryDeadWorkers(db, 60_000)],
];

/** What is told to nobody. */
const SILENT_TAKINGS: [string, (page: WatchedPage) => Promise<unknown>][] = [
  ...TAKINGS,
  ['a new pickup', ({ syncId }) => takeUpPage(db, { syncId, seq: 0, pickup: 0 }, 'test')],
  ['SQL', ({ syncId }) => db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${syncId}`],
];

describe('a page whose lease is taken away', () => {
  test.each(TAKINGS)('by %s is stopped when PostgreSQL says so, and only that one', async (_name, take) => {
    // The fallback never comes in time here: only the notification can stop the page.
    const pages = createRunningPages();
    const neverLooks = Object.assign(Object.create(pages), { list: () => [] });
    const watch = leaseWatch({ db, runningPages: neverLooks, workerId: newWorkerId() }, fail);
    watch.start();
    await eventually(async () => {
      const listening = await db.sql`
        SELECT 1 FROM pg_stat_activity WHERE query ILIKE 'listen%revoked%' AND datname = current_database()`;
      expect(listening.length).toBeGreaterThan(0);
    });
    const page = await enter(pages);
    const left = await enter(pages);
    left.leave();
    await take(page);
    await eventually(() => expect(page.signal.aborted).toBe(true));
    expect(page.signal.reason).toMatchObject({ code: 'lease_lost' });
    expect(left.signal.aborted).toBe(false);
    await watch.stop();
  });

  test.each(SILENT_TAKINGS)(
    'by %s is stopped by the next look when the notification was lost',
    async (_name, take) => {
      const runningPages = createRunningPages();
      const watch = leaseWatch({ db, runningPages, workerId: newWorkerId() }, fail);
      const page = await enter(runningPages);
      await watch.runOnce();
      expect(page.signal.aborted).toBe(false);
      await take(page);
      await watch.runOnce();
      expect(page.signal.aborted).toBe(true);
      page.leave();
      expect(runningPages.list()).toEqual([]);
    },
  );
});

test('a lease this process forgot to give back is released; one that is new, worked under or of others is not', async () => {
  const runningPages = createRunningPages();
  const workerId = newWorkerId();
  const watch = leaseWatch({ db, runningPages, workerId }, fail);
  const take = async (worker: string) => {
    const connectionId = await addConnection(db, `forgotten-${crypto.randomUUID()}`);
    const syncId = await startedSync(db, connectionId);
    const fencingToken = await claimed(db, { syncId, connectionId, seq: 0, worker });
    return { key: leaseKey(connectionId), fencingToken, syncId, pickup: 0 };
  };
  const [forgotten, workedUnder, ofOthers] = [
    await take(workerId),
    await take(workerId),
    await take(newWorkerId()),
  ];
  await db.sql`UPDATE sync_locks SET acquired_at = acquired_at - interval '1 minute'`;
  const fresh = await take(workerId);
  const { leave } = runningPages.enter(workedUnder);
  await watch.runOnce();
  const keys = [forgotten, workedUnder, ofOthers, fresh].map(({ key }) => key);
  const left = await db.sql<{ key: string }[]>`SELECT key FROM sync_locks WHERE key = ANY (${keys})`;
  expect(new Set(left.map(({ key }) => key))).toEqual(new Set(keys.slice(1)));
  leave();
});
