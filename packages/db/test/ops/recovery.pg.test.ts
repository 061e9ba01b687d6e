import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  beatWorker,
  buryDeadWorkers,
  claimPage,
  type Database,
  findIdlePages,
  holdSingleWorker,
  openDatabase,
  relayOutbox,
  takeUpPage,
} from '@tidemark/db';
import { eventually } from '../../../../test/support/eventually.ts';
import { addConnection, claimed, type Fixture, newWorkerId, openFixture, startedSync } from './fixtures.ts';

let fixture: Fixture;
let db: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

/** Silence that no machine confuses with being busy. */
const [SILENT_SECONDS, SILENT_MS] = [3_600, 1_800_000];

async function aWorker(silentSeconds: number): Promise<string> {
  const id = newWorkerId();
  await beatWorker(db, { id, host: 'h', pid: 1, concurrency: 1 });
  await db.sql`UPDATE workers SET heartbeat_at = now() - make_interval(secs => ${silentSeconds}) WHERE id = ${id}`;
  return id;
}

async function runningSync(
  account: string,
  worker: string,
): Promise<{ syncId: string; connectionId: string }> {
  const connectionId = await addConnection(db, account);
  const syncId = await startedSync(db, connectionId);
  await claimed(db, { syncId, connectionId, seq: 0, worker });
  return { syncId, connectionId };
}

describe('recovery', () => {
  test('a silent worker is buried with its leases, and its pages are found; a living one keeps them', async () => {
    const [dead, alive] = [await aWorker(SILENT_SECONDS), await aWorker(0)];
    const lost = await runningSync('lost', dead);
    const kept = await runningSync('kept', alive);
    const buried = await buryDeadWorkers(db, SILENT_MS);
    expect(buried.workers).toEqual([dead]);
    expect(buried.pages).toMatchObject([{ syncId: lost.syncId, seq: 0, pickup: 1 }]);
    const former = { ...lost, seq: 0, pickup: 0, worker: alive, leaseSeconds: 60 };
    expect((await claimPage(db, former)).kind).toBe('superseded');
    const keys = (await db.sql<{ key: string }[]>`SELECT key FROM sync_locks`).map(({ key }) => key);
    expect(keys).toContain(`sync-${kept.connectionId}`);
    expect(keys).not.toContain(`sync-${lost.connectionId}`);
  });

  test('two sweeps at once bury a worker once', async () => {
    const dead = await aWorker(SILENT_SECONDS);
    const results = await Promise.all([
      buryDeadWorkers(db, SILENT_MS),
      buryDeadWorkers(db, SILENT_MS),
      buryDeadWorkers(db, SILENT_MS),
    ]);
    expect(results.flatMap((result) => result.workers)).toEqual([dead]);
  });

  test('a worker that sweeps does not bury itself, however long it stood still before', async () => {
    const self = await aWorker(SILENT_SECONDS);
    const { connectionId } = await runningSync('itself', self);
    expect((await buryDeadWorkers(db, SILENT_MS, self)).workers).toEqual([]);
    const leases = await db.sql`SELECT 1 FROM sync_locks WHERE key = ${`sync-${connectionId}`}`;
    expect(leases).toHaveLength(1);
    expect((await buryDeadWorkers(db, SILENT_MS)).workers).toEqual([self]);
  });

  test('L5 a page is taken up once per pickup, and the former pickup is void', async () => {
    const { syncId } = await runningSync('taken', await aWorker(0));
    const pickups = await Promise.all(
      Array.from({ length: 10 }, () => takeUpPage(db, { syncId, seq: 0, pickup: 0 }, 'test')),
    );
    expect(pickups.filter((pickup) => pickup !== null)).toEqual([1]);
    const [row] = await db.sql`SELECT pickup FROM syncs WHERE id = ${syncId}`;
    expect(row).toEqual({ pickup: 1 });
  });

  test('idle pages are those that are due and nobody holds', async () => {
    const due = await startedSync(db, await addConnection(db, 'idle-due'));
    const later = await startedSync(db, await addConnection(db, 'idle-later'));
    const held = await runningSync('idle-held', await aWorker(0));
    await db.sql`UPDATE syncs SET created_at = now() - interval '1 minute' WHERE id IN (${due}, ${later})`;
    await db.sql`UPDATE syncs SET heartbeat_at = now() - interval '1 minute' WHERE id = ${held.syncId}`;
    await db.sql`UPDATE syncs SET next_run_at = now() + interval '1 minute' WHERE id = ${later}`;
    const found = (await findIdlePages(db, 5_000, 100)).map((page) => page.syncId);
    expect(found).toContain(due);
    expect(found).not.toContain(later);
    expect(found).not.toContain(held.syncId);
  });

  const hold = (onTaken: () => void = () => undefined) => holdSingleWorker(fixture.url, onTaken);
  /** Ends the session that has the place, and returns once it is over. */
  const cutHolder = async (): Promise<void> => {
    const [holder] = await db.sql<{ pid: number }[]>`
      SELECT l.pid, pg_terminate_backend(l.pid, 10000) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.granted`;
    if (holder === undefined) throw new Error('nobody has the place');
  };

  test('without Redis a second worker finds the place taken until the first is gone', async () => {
    const first = await hold();
    expect(first).not.toBeNull();
    expect(await hold()).toBeNull();
    await first?.release();
    const second = await hold();
    expect(second).not.toBeNull();
    await second?.release();
  });

  test('a holder whose session was cut takes the place again', async () => {
    let isDisplaced = false;
    const first = await hold(() => {
      isDisplaced = true;
    });
    await cutHolder();
    await eventually(async () => {
      const held = await db.sql`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted`;
      expect(held).toHaveLength(1);
    });
    expect(await hold()).toBeNull();
    expect(isDisplaced).toBe(false);
    await first?.release();
  });

  test('a holder whose session was cut is told when somebody else was quicker', async () => {
    const displaced = Promise.withResolvers<void>();
    const first = await hold(displaced.resolve);
    // Somebody stands in line for the place, and so has it before who lost it comes back.
    const rival = openDatabase({ url: fixture.url, max: 1, applicationName: 'rival' });
    const taken = rival.sql`SELECT pg_advisory_lock(7145001983)`.execute();
    await eventually(async () => {
      const waiting = await db.sql`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
      expect(waiting.length).toBeGreaterThan(0);
    });
    await cutHolder();
    await taken;
    await displaced.promise;
    await rival.close();
    await first?.release();
  });
});

describe('the outbox', () => {
  test('each row is delivered once by relays that run at once, and stays when delivery fails', async () => {
    await db.sql`DELETE FROM outbox`;
    await db.sql`
      INSERT INTO outbox (kind, payload, created_at)
      SELECT 'job', jsonb_build_object('n', n), now() - interval '1 minute' FROM generate_series(1, 50) AS n`;
    const failing = relayOutbox(db, { olderThanMs: 0, limit: 10 }, () =>
      Promise.reject(new Error('queue away')),
    );
    await expect(failing).rejects.toThrow('queue away');

    const delivered: string[] = [];
    const relay = () =>
      relayOutbox(db, { olderThanMs: 0, limit: 10 }, async (rows) => {
        delivered.push(...rows.map((row) => row.id));
      });
    while ((await Promise.all([relay(), relay(), relay()])).some((count) => count > 0));
    expect(new Set(delivered).size).toBe(50);
    expect(delivered).toHaveLength(50);
    expect(await db.sql`SELECT 1 FROM outbox`).toHaveLength(0);
  });

  test('fresh rows are left to their writer', async () => {
    await db.sql`INSERT INTO outbox (kind, payload) VALUES ('job', '{}')`;
    expect(await relayOutbox(db, { olderThanMs: 60_000, limit: 10 }, async () => {})).toBe(0);
  });
});
