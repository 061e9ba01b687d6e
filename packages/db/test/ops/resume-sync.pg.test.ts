import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { legalPairs } from '@tidemark/core/sync';
import {
  cancelSync,
  claimPage,
  type Database,
  leaseKey,
  openDatabase,
  pauseSync,
  resumeSync,
  type SyncRequest,
} from '@tidemark/db';
import { type Fixture, newWorkerId, openFixture } from './fixtures.ts';
import { commit, jobsOf, pageUnderWay, requester, stepsOf, turns } from './live-page.ts';

let fixture: Fixture;
let db: Database;
let request: (syncId: string) => SyncRequest;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  request = await requester(db);
});
afterAll(() => fixture.close());

describe('a resume', () => {
  test('L6 goes on at once although the former worker still has its lease, and voids its jobs', async () => {
    const page = await pageUnderWay(db);
    await pauseSync(db, request(page.syncId));
    // What a worker that was stopped between two statements may leave behind.
    await db.sql`SELECT acquire_sync_lock(${leaseKey(page.connectionId)}, ${newWorkerId()}, 300)`;
    const resumed = await resumeSync(db, request(page.syncId));
    expect(resumed).toEqual({ kind: 'resumed', job: expect.objectContaining({ seq: 0, pickup: 1 }) });

    const other = { ...page, worker: newWorkerId(), leaseSeconds: 60 };
    expect((await claimPage(db, { ...other, pickup: 0 })).kind).toBe('superseded');
    const claim = await claimPage(db, { ...other, pickup: 1 });
    expect(claim.kind).toBe('claimed');
    expect(await commit(db, page)).toMatchObject({ kind: 'superseded' });
    const outbox = await db.sql`
      SELECT payload->'payload'->>'pickup' AS pickup FROM outbox
      WHERE payload->'payload'->>'syncId' = ${page.syncId} ORDER BY created_at`;
    expect(outbox.map((row) => row.pickup)).toEqual(['0', '1']);
  });

  test('begins with the first attempt, and forgets the error of the last', async () => {
    const page = await pageUnderWay(db);
    await db.sql`
      UPDATE syncs SET attempt = 5, next_run_at = now() + interval '1 hour', error_code = 'source_unavailable',
        error_message = 'x', error_retryable = true WHERE id = ${page.syncId}`;
    await pauseSync(db, request(page.syncId));
    await resumeSync(db, request(page.syncId));
    const [sync] = await db.sql`
      SELECT status, attempt, pickup, next_run_at AS next, error_code AS error FROM syncs WHERE id = ${page.syncId}`;
    expect(sync).toEqual({ status: 'running', attempt: 1, pickup: 1, next: null, error: null });
  });

  test('of many at once one resumes, and there is one job', async () => {
    const page = await pageUnderWay(db);
    await pauseSync(db, request(page.syncId));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => resumeSync(db, request(page.syncId))),
    );
    expect(outcomes.filter(({ kind }) => kind === 'resumed')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'illegal')).toHaveLength(19);
    const jobs = await jobsOf(db, page.syncId);
    expect(jobs).toEqual(['>pending pending>processing processing>failed', '>pending']);
  });
});

describe('requests at once', () => {
  test('I3 fifty pauses, resumes and cancellations leave one history without a gap, all of it legal', async () => {
    const legal = new Set(legalPairs().map(({ from, to }) => `${from}>${to}`));
    const other = openDatabase({ url: fixture.url, max: 10, applicationName: 'other' });
    for (let round = 0; round < 6; round += 1) {
      const page = await pageUnderWay(db);
      const asked = Array.from({ length: 50 }, async (_, index) => {
        const pool = index % 2 === 0 ? db : other;
        await turns((index * 7 + round) % 11);
        // In the last rounds a cancellation ends it somewhere in the middle.
        if (round >= 3 && index === 25) return cancelSync(pool, request(page.syncId));
        return index % 3 === 0
          ? resumeSync(pool, request(page.syncId))
          : pauseSync(pool, request(page.syncId));
      });
      const outcomes = await Promise.all([...asked, commit(db, page)]);
      const steps = await stepsOf(db, page.syncId);
      steps.forEach((step, index) => {
        expect(step.from).toBe(steps[index - 1]?.to ?? null);
        if (step.from !== null) expect(legal).toContain(`${step.from}>${step.to}`);
      });
      const moves = outcomes.filter(({ kind }) => ['paused', 'resumed', 'cancelled'].includes(kind)).length;
      // The first two steps are the start and the first pick-up.
      expect(steps).toHaveLength(2 + moves);
      const [sync] = await db.sql`SELECT status FROM syncs WHERE id = ${page.syncId}`;
      expect(sync?.status).toBe(steps.at(-1)?.to);
      for (const job of await jobsOf(db, page.syncId)) {
        const ends = job.split(' ').map((step) => step.split('>'));
        for (const [index, [from]] of ends.entries()) expect(from).toBe(ends[index - 1]?.[1] ?? '');
      }
    }
    await other.close();
  });

  test('are refused for another tenant as for a sync that never was', async () => {
    const page = await pageUnderWay(db);
    const [stranger] = await db.sql<
      { id: string }[]
    >`INSERT INTO tenants (name) VALUES ('stranger') RETURNING id`;
    const foreign = { tenantId: stranger?.id ?? '', syncId: page.syncId, cause: 'test' };
    for (const ask of [pauseSync, resumeSync, cancelSync]) {
      expect(await ask(db, foreign)).toEqual({ kind: 'notFound' });
    }
    const [sync] = await db.sql`SELECT status FROM syncs WHERE id = ${page.syncId}`;
    expect(sync?.status).toBe('running');
  });
});
