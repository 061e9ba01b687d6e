import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JOB_STATUSES, JOB_TRANSITIONS, legalPairs, SYNC_STATUSES } from '@tidemark/core/sync';
import type { Database } from '@tidemark/db';
import { databaseErrorCode } from '@tidemark/db';
import { addConnection, type Fixture, openFixture, startedSync } from './fixtures.ts';

let fixture: Fixture;
let db: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

let accounts = 5000;
async function newSync(): Promise<string> {
  accounts += 1;
  return startedSync(db, await addConnection(db, String(accounts)));
}

/** The shortest legal way from `queued` to each status. */
const WAY: Record<string, string[]> = {
  queued: [],
  running: ['running'],
  paused: ['paused'],
  completed: ['running', 'completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

async function move(syncId: string, status: string, cause: string): Promise<void> {
  await db.sql`
    UPDATE syncs SET status = ${status}::sync_status, status_cause = ${cause}, status_worker = 'w' WHERE id = ${syncId}`;
}

describe('the history of a job', () => {
  const WAY_OF_JOB: Record<string, string[]> = {
    pending: ['pending'],
    processing: ['pending', 'processing'],
    success: ['pending', 'processing', 'success'],
    failed: ['pending', 'processing', 'failed'],
  };

  test('holds the steps the table allows, refuses the others, and knows a repetition', async () => {
    const syncId = await newSync();
    const step = (job: string, to: string) =>
      db.sql`SELECT tidemark_record_job(${syncId}, ${job}, ${to}, 'test', NULL)`;
    for (const from of JOB_STATUSES) {
      for (const to of JOB_STATUSES) {
        const job = `job-${from}-${to}`;
        for (const before of WAY_OF_JOB[from] ?? []) await step(job, before);
        const code = await step(job, to).then(() => null, databaseErrorCode);
        const isLegal = from === to || JOB_TRANSITIONS[from].includes(to);
        expect([from, to, code]).toEqual([from, to, isLegal ? null : 'TM001']);
        const [rows] =
          await db.sql`SELECT count(*)::int AS count FROM sync_transitions WHERE job_id = ${job}`;
        expect(rows).toEqual({ count: (WAY_OF_JOB[from]?.length ?? 0) + (isLegal && from !== to ? 1 : 0) });
      }
    }
  });
});

describe('the status of a sync in the database', () => {
  test('I2 every pair of statuses is allowed or refused as the table says', async () => {
    const legal = new Set(legalPairs().map(({ from, to }) => `${from}>${to}`));
    for (const from of SYNC_STATUSES) {
      for (const to of SYNC_STATUSES) {
        if (from === to) continue;
        const syncId = await newSync();
        for (const step of WAY[from] ?? []) await move(syncId, step, 'setup');
        const code = await move(syncId, to, 'test').then(() => null, databaseErrorCode);
        expect([from, to, code]).toEqual([from, to, legal.has(`${from}>${to}`) ? null : 'TM001']);
      }
    }
  });

  test('I2 a sync cannot start in the middle', async () => {
    const connectionId = await addConnection(db, '4999');
    const insert = db.sql`
      INSERT INTO syncs (connection_id, mode, trigger, status, status_cause)
      VALUES (${connectionId}, 'full', 'api', 'running', 'test')`;
    expect(await insert.then(() => null, databaseErrorCode)).toBe('TM001');
  });

  test('I3 every transition leaves a row and an event, with its cause and worker; a repetition leaves none', async () => {
    const syncId = await newSync();
    for (const status of ['running', 'running', 'paused', 'running', 'completed'])
      await move(syncId, status, `to ${status}`);
    const rows = await db.sql`
      SELECT from_status, to_status, cause, worker FROM sync_transitions
      WHERE sync_id = ${syncId} AND job_id IS NULL ORDER BY id`;
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { from_status: null, to_status: 'queued', cause: 'test', worker: null },
      { from_status: 'queued', to_status: 'running', cause: 'to running', worker: 'w' },
      { from_status: 'running', to_status: 'paused', cause: 'to paused', worker: 'w' },
      { from_status: 'paused', to_status: 'running', cause: 'to running', worker: 'w' },
      { from_status: 'running', to_status: 'completed', cause: 'to completed', worker: 'w' },
    ]);
    const [events] = await db.sql`
      SELECT count(*)::int AS count FROM sync_events WHERE sync_id = ${syncId} AND type = 'transition'`;
    expect(events).toEqual({ count: 5 });
  });
});
