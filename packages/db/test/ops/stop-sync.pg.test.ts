import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  abandonAttempt,
  cancelSync,
  claimPage,
  type Database,
  extendLease,
  findLostLeases,
  leaseKey,
  listenRevokedLeases,
  openDatabase,
  pauseSync,
  type SyncRequest,
  saveCheckpoint,
} from '@tidemark/db';
import { eventually } from '../../../../test/support/eventually.ts';
import { barrier, namedDatabase, waitsFor } from './blocking.ts';
import { addConnection, type Fixture, openFixture, startedSync, WORKER } from './fixtures.ts';
import {
  commit,
  jobsOf,
  type LivePage,
  pageUnderWay,
  RECORDS_OF_A_PAGE,
  requester,
  rowVersions,
  turns,
} from './live-page.ts';

let fixture: Fixture;
let db: Database;
let request: (syncId: string) => SyncRequest;
let committer: Database;
let stopper: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  request = await requester(db);
  committer = namedDatabase(fixture, 'committer');
  stopper = namedDatabase(fixture, 'stopper');
});
afterAll(async () => {
  await Promise.all([committer.close(), stopper.close()]);
  await fixture.close();
});

describe('a pause and a cancellation', () => {
  test.each([
    ['pause', pauseSync, 'paused'],
    ['cancel', cancelSync, 'cancelled'],
  ] as const)('I10 after a %s nothing of the page under way can be written', async (_name, stop, kind) => {
    const page = await pageUnderWay(db);
    expect(await stop(db, request(page.syncId))).toEqual({ kind });
    const before = await rowVersions(db, page);
    const attempt = { ...page, pickup: 0, worker: WORKER };
    const key = leaseKey(page.connectionId);
    expect(await commit(db, page)).toMatchObject({ kind: 'superseded' });
    expect(await saveCheckpoint(db, { ...page, stream: 'conversations' }, { v: 2 })).toBe(false);
    expect(await extendLease(db, { ...page, key, leaseSeconds: 60 })).toBe(false);
    await abandonAttempt(db, attempt, 'lease');
    const claim = await claimPage(db, { ...attempt, leaseSeconds: 60 });
    expect(claim.kind).toBe('superseded');
    expect(await rowVersions(db, page)).toEqual(before);
    expect(await jobsOf(db, page.syncId)).toEqual(['>pending pending>processing processing>failed']);
  });

  test.each([
    ['pause', pauseSync, 'paused'],
    ['cancel', cancelSync, 'cancelled'],
  ] as const)('I10 a %s waits for a commit under way, and no write follows', async (_name, stop, kind) => {
    const page = await pageUnderWay(db);
    const wall = await barrier(db, (tx) => tx`LOCK TABLE messenger_conversations IN EXCLUSIVE MODE`);
    const committing = commit(committer, page);
    await waitsFor(db, 'committer', 'barrier');
    const stopping = stop(stopper, request(page.syncId));
    await waitsFor(db, 'stopper', 'committer');
    await wall.lift();
    expect(await committing).toMatchObject({ kind: 'committed' });
    expect(await stopping).toEqual({ kind });
    await expectStoppedAfter(page, 1, kind);
  });

  test.each([
    ['pause', pauseSync, 'paused'],
    ['cancel', cancelSync, 'cancelled'],
  ] as const)('I10 a commit that comes behind a %s is undone', async (_name, stop, kind) => {
    const page = await pageUnderWay(db);
    const wall = await barrier(db, (tx) => tx`SELECT 1 FROM syncs WHERE id = ${page.syncId} FOR UPDATE`);
    const stopping = stop(stopper, request(page.syncId));
    await waitsFor(db, 'stopper', 'barrier');
    const committing = commit(committer, page);
    await waitsFor(db, 'committer', 'stopper');
    await wall.lift();
    expect(await stopping).toEqual({ kind });
    expect(await committing).toEqual({ kind: 'superseded', reason: 'lease' });
    await expectStoppedAfter(page, 0, kind);
  });

  /** Whatever was still to come has ended: the sync is where it stopped, with no more than its pages. */
  async function expectStoppedAfter(page: LivePage, pages: number, status: string): Promise<void> {
    const [sync] = await db.sql`SELECT seq, page_count AS pages, status FROM syncs WHERE id = ${page.syncId}`;
    expect(sync).toEqual({ seq: pages, pages, status });
    const stored =
      await db.sql`SELECT 1 FROM messenger_conversations WHERE connection_id = ${page.connectionId}`;
    expect(stored).toHaveLength(pages * RECORDS_OF_A_PAGE);
  }

  test('I10 a pause at any moment of a commit is followed by no write', async () => {
    for (let round = 0; round < 100; round += 1) {
      const page = await pageUnderWay(db);
      const committing = commit(db, page);
      await turns(round % 15);
      expect((await pauseSync(db, request(page.syncId))).kind).toBe('paused');
      const acknowledged = await rowVersions(db, page);
      const outcome = await committing;
      expect(await rowVersions(db, page)).toEqual(acknowledged);
      await expectStoppedAfter(page, outcome.kind === 'committed' ? 1 : 0, 'paused');
    }
  });

  test('I10 a cancellation at any moment of a claim leaves no lease and no running page', async () => {
    for (let round = 0; round < 60; round += 1) {
      const connectionId = await addConnection(db, `claim-${round}`);
      const syncId = await startedSync(db, connectionId);
      const page = { syncId, connectionId, seq: 0, pickup: 0, worker: WORKER, leaseSeconds: 60 };
      const claiming = claimPage(db, page);
      await turns(round % 6);
      expect((await cancelSync(db, request(syncId))).kind).toBe('cancelled');
      await claiming;
      const leases = await db.sql`SELECT 1 FROM sync_locks WHERE key = ${leaseKey(connectionId)}`;
      expect(leases).toHaveLength(0);
      const last = (await jobsOf(db, syncId)).at(-1) ?? '';
      expect(last.endsWith('>failed')).toBe(true);
    }
  });

  test('I10 a claim that comes behind a cancellation gets no page', async () => {
    const connectionId = await addConnection(db, 'claim-behind');
    const syncId = await startedSync(db, connectionId);
    const wall = await barrier(db, (tx) => tx`SELECT 1 FROM syncs WHERE id = ${syncId} FOR UPDATE`);
    const stopping = cancelSync(stopper, request(syncId));
    await waitsFor(db, 'stopper', 'barrier');
    const page = { syncId, connectionId, seq: 0, pickup: 0, worker: WORKER, leaseSeconds: 60 };
    const claiming = claimPage(committer, page);
    await waitsFor(db, 'committer', 'stopper');
    await wall.lift();
    expect(await stopping).toEqual({ kind: 'cancelled' });
    expect((await claiming).kind).toBe('superseded');
    expect(await db.sql`SELECT 1 FROM sync_locks WHERE key = ${leaseKey(connectionId)}`).toHaveLength(0);
  });

  test('ends a sync with its time, and a waiting one without its next attempt', async () => {
    const page = await pageUnderWay(db);
    await db.sql`UPDATE syncs SET next_run_at = now() + interval '1 hour' WHERE id = ${page.syncId}`;
    await cancelSync(db, request(page.syncId));
    const [sync] = await db.sql`
      SELECT status, next_run_at AS next, finished_at IS NOT NULL AS finished, status_worker AS worker
      FROM syncs WHERE id = ${page.syncId}`;
    expect(sync).toEqual({ status: 'cancelled', next: null, finished: true, worker: null });
  });

  test('is told to whoever holds the lease, with the fencing token', async () => {
    const told: string[] = [];
    listenRevokedLeases(db, {
      onRevoked: (token) => told.push(token),
      onError: (error) => told.push(String(error)),
    });
    await eventually(async () => {
      const listening = await db.sql`
        SELECT 1 FROM pg_stat_activity WHERE query ILIKE 'listen%revoked%' AND datname = current_database()`;
      expect(listening.length).toBeGreaterThan(0);
    });
    const [paused, cancelled] = [await pageUnderWay(db), await pageUnderWay(db)];
    await pauseSync(db, request(paused.syncId));
    await cancelSync(db, request(cancelled.syncId));
    await eventually(() => expect(told).toEqual([paused.fencingToken, cancelled.fencingToken]));
  });

  test('is seen by a look at the pages too, and so is a page that was taken up elsewhere', async () => {
    const [kept, paused, moved] = [await pageUnderWay(db), await pageUnderWay(db), await pageUnderWay(db)];
    const held = [kept, paused, moved].map((page) => ({
      ...page,
      key: leaseKey(page.connectionId),
      pickup: 0,
    }));
    expect(await findLostLeases(db, held)).toEqual([]);
    await pauseSync(db, request(paused.syncId));
    await db.sql`UPDATE syncs SET pickup = 1 WHERE id = ${moved.syncId}`;
    const lost = await findLostLeases(db, held);
    expect(new Set(lost)).toEqual(new Set([paused.fencingToken, moved.fencingToken]));
  });

  test('a worker stopped in the middle of its commit is rolled back by the server after some seconds', async () => {
    const page = await pageUnderWay(db);
    const stopped = openDatabase({ url: fixture.url, max: 1, applicationName: 'stopped' });
    const frozen = Promise.withResolvers<void>();
    // A commit that got its locks and then computes for ever, as far as the server can see.
    const committing = stopped.sql
      .begin(async (tx) => {
        await tx`SELECT set_config('idle_in_transaction_session_timeout', '1s', true)`;
        await tx`SELECT 1 FROM sync_locks WHERE key = ${leaseKey(page.connectionId)} FOR UPDATE`;
        await tx`UPDATE syncs SET seq = seq + 1 WHERE id = ${page.syncId}`;
        await frozen.promise;
        await tx`UPDATE syncs SET records_total = 99 WHERE id = ${page.syncId}`;
      })
      .then(
        () => 'committed',
        () => 'lost',
      );
    await eventually(async () => {
      const idle = await db.sql`
        SELECT 1 FROM pg_stat_activity WHERE application_name = 'stopped' AND state = 'idle in transaction'`;
      expect(idle).toHaveLength(1);
    });
    expect((await cancelSync(db, request(page.syncId))).kind).toBe('cancelled');
    // The pool's only connection is back, and what is left of the transaction must not run on it.
    await stopped.sql`SELECT 1`;
    frozen.resolve();
    expect(await committing).toBe('lost');
    const [sync] = await stopped.sql`
      SELECT seq, status, records_total AS total FROM syncs WHERE id = ${page.syncId}`;
    expect(sync).toEqual({ seq: 0, status: 'cancelled', total: null });
    await stopped.close();
  });
});
