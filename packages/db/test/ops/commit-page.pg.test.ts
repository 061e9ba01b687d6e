import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noCrash } from '@tidemark/core/crash';
import { commitPage, type Database, databaseErrorCode, startSync } from '@tidemark/db';
import {
  claimed,
  conversation,
  type Fixture,
  inconsistentConversations,
  message,
  newWorkerId,
  openFixture,
  pageCommit,
  startedSync,
  syncedRows,
} from './fixtures.ts';

let fixture: Fixture;
let db: Database;
let syncId: string;
const open: Fixture[] = [];
beforeEach(async () => {
  fixture = await openFixture();
  open.push(fixture);
  db = fixture.db;
  syncId = await startedSync(db, fixture.connectionId);
});
afterEach(async () => {
  expect(await inconsistentConversations(db)).toEqual([]);
});
afterAll(async () => {
  for (const one of open) await one.close();
});

function records(...rows: ReturnType<typeof conversation>[]) {
  return [{ kind: 'conversations' as const, rows }];
}

async function at(seq: number) {
  const { connectionId } = fixture;
  return { syncId, connectionId, seq, fencingToken: await claimed(db, { syncId, connectionId, seq }) };
}

async function syncRow() {
  const [row] = await db.sql`
    SELECT seq, status, page_count, records_read, records_inserted, records_skipped, records_quarantined FROM syncs WHERE id = ${syncId}`;
  return row;
}

describe('the page transaction', () => {
  test('I5 records, counters, checkpoint and the next job are there together', async () => {
    const page = {
      ...(await at(0)),
      next: { v: 1, place: 'next' },
      records: records(conversation('a', { events: [message('1'), message('2')] })),
    };
    const outcome = await commitPage(db, pageCommit(page), noCrash);
    expect(outcome).toMatchObject({ kind: 'committed', counts: { read: 3, inserted: 3 }, next: { seq: 1 } });
    expect(await syncRow()).toMatchObject({
      seq: 1,
      status: 'running',
      page_count: 1,
      records_read: 3,
      records_inserted: 3,
    });
    const [state] = await db.sql`SELECT checkpoint FROM sync_state`;
    expect(state).toEqual({ checkpoint: { v: 1, place: 'next' } });
    const jobs = await db.sql`SELECT payload->'payload' AS payload FROM outbox ORDER BY created_at`;
    expect(jobs.at(-1)).toEqual({ payload: { syncId, seq: 1, pickup: 0 } });
    expect(await db.sql`SELECT 1 FROM sync_locks`).toHaveLength(0);
  });

  test('I5 a crash inside the transaction leaves nothing', async () => {
    const page = pageCommit({
      ...(await at(0)),
      records: records(conversation('a', { events: [message('1')] })),
    });
    const before = await syncRow();
    const crash = () => {
      throw new Error('crash');
    };
    await expect(commitPage(db, page, crash)).rejects.toThrow('crash');
    expect(await syncedRows(db)).toEqual([]);
    expect(await syncRow()).toEqual(before);
    expect(await commitPage(db, page, noCrash)).toMatchObject({ kind: 'committed' });
  });

  test('I5 the same page committed many times at once is committed once', async () => {
    const page = pageCommit({
      ...(await at(0)),
      records: records(conversation('a', { events: [message('1')] })),
    });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => commitPage(db, page, noCrash)));
    expect(outcomes.filter((outcome) => outcome.kind === 'committed')).toHaveLength(1);
    expect(await syncRow()).toMatchObject({ seq: 1, page_count: 1, records_read: 2 });
  });

  test('I6 a worker that lost its lease writes nothing, though its page is right', async () => {
    const old = await at(0);
    await db.sql`UPDATE sync_locks SET expires_at = now() - interval '1 second'`;
    const worker = newWorkerId();
    const newer = { ...old, fencingToken: await claimed(db, { ...old, worker }), worker };
    const rows = records(conversation('a', { events: [message('1')] }));
    expect(await commitPage(db, pageCommit({ ...old, records: rows }), noCrash)).toEqual({
      kind: 'superseded',
      reason: 'lease',
    });
    expect(await syncedRows(db)).toEqual([]);
    expect(await commitPage(db, pageCommit({ ...newer, records: rows }), noCrash)).toMatchObject({
      kind: 'committed',
    });
  });

  test('I6 an expired lease does not write even when nobody took it', async () => {
    const page = pageCommit(await at(0));
    await db.sql`UPDATE sync_locks SET expires_at = now() - interval '1 millisecond'`;
    expect(await commitPage(db, page, noCrash)).toEqual({ kind: 'superseded', reason: 'lease' });
  });

  test.each(['paused', 'cancelled'])('nothing is written to a sync that was %s meanwhile', async (status) => {
    const page = pageCommit({ ...(await at(0)), records: records(conversation('a')) });
    await db.sql`UPDATE syncs SET status = ${status}::sync_status WHERE id = ${syncId}`;
    expect(await commitPage(db, page, noCrash)).toEqual({ kind: 'superseded', reason: 'position' });
    expect(await syncedRows(db)).toEqual([]);
  });

  test('an event that cannot be written fails the whole page', async () => {
    const broken = message('2', { type: 'message', direction: 'sideways' as 'in' });
    const page = pageCommit({
      ...(await at(0)),
      records: records(conversation('a', { events: [message('1'), broken] })),
    });
    expect(await commitPage(db, page, noCrash).then(() => null, databaseErrorCode)).toBe('23514');
    expect(await syncedRows(db)).toEqual([]);
    expect(await syncRow()).toMatchObject({ seq: 0, records_read: 0 });
  });

  test('I7 quarantined records are kept whole, counted, and kept once however often they come', async () => {
    const raw = { id: 'm\u0000x', created_time: 'never' };
    const invalid = [{ stream: 'messages', externalId: 'm', reason: 'bad time', path: '/created_time', raw }];
    const rows = records(conversation('a', { events: [message('1')] }));
    await commitPage(db, pageCommit({ ...(await at(0)), records: rows, invalid }), noCrash);
    await commitPage(db, pageCommit({ ...(await at(1)), records: rows, invalid }), noCrash);
    expect(await syncRow()).toMatchObject({
      records_read: 6,
      records_inserted: 2,
      records_skipped: 2,
      records_quarantined: 2,
    });
    const kept =
      await db.sql`SELECT reason, path, raw_original IS NOT NULL AS exact, seen_count FROM quarantine`;
    expect(kept.map((row) => ({ ...row }))).toEqual([
      { reason: 'bad time', path: '/created_time', exact: true, seen_count: 2 },
    ]);
    const results =
      await db.sql`SELECT stream, records_read AS read FROM sync_results WHERE sync_id = ${syncId} ORDER BY stream`;
    expect(results.map((row) => ({ ...row }))).toEqual([
      { stream: 'conversations', read: 2 },
      { stream: 'messages', read: 4 },
    ]);
  });

  test('I8 the watermark moves with the last page only', async () => {
    const watermark = { updatedTime: '2024-01-01T00:00:00.000Z' };
    await commitPage(db, pageCommit({ ...(await at(0)), watermark }), noCrash);
    expect((await db.sql`SELECT watermark FROM sync_state`)[0]).toEqual({ watermark: null });
    const outcome = await commitPage(db, pageCommit({ ...(await at(1)), next: null, watermark }), noCrash);
    expect(outcome).toMatchObject({ kind: 'committed', next: null });
    expect((await db.sql`SELECT watermark, checkpoint FROM sync_state`)[0]).toEqual({
      watermark,
      checkpoint: null,
    });
    expect(await syncRow()).toMatchObject({ status: 'completed' });
    const next = await startSync(db, {
      connectionId: fixture.connectionId,
      mode: 'incremental',
      trigger: 'api',
      priority: 'normal',
      streams: ['conversations'],
      cause: 'test',
    });
    expect(next.kind).toBe('started');
    expect((await db.sql`SELECT watermark FROM sync_state`)[0]).toEqual({ watermark });
  });

  test('unchanged rows are not rewritten', async () => {
    const rows = records(conversation('a', { events: [message('1'), message('2')] }), conversation('b'));
    await commitPage(db, pageCommit({ ...(await at(0)), records: rows }), noCrash);
    const versions = () => db.sql`
      SELECT xmin::text, id FROM messenger_conversations UNION ALL SELECT xmin::text, id FROM contact_interaction_events ORDER BY id`;
    const before = await versions();
    const outcome = await commitPage(db, pageCommit({ ...(await at(1)), records: rows }), noCrash);
    expect(outcome).toMatchObject({ counts: { read: 4, skipped: 4, inserted: 0, updated: 0 } });
    expect(await versions()).toEqual(before);
  });
});
