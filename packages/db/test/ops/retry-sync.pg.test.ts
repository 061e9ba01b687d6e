import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noCrash } from '@tidemark/core/crash';
import {
  cancelSync,
  commitPage,
  type Database,
  loadPage,
  openDatabase,
  retryFailedPages,
  retrySync,
  settleFailure,
  startSync,
} from '@tidemark/db';
import {
  addConnection,
  claimed,
  type Fixture,
  openFixture,
  pageCommit,
  startedSync,
  WORKER,
} from './fixtures.ts';

let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
  tenantId = tenant?.id ?? '';
});
afterAll(() => fixture.close());

const CHECKPOINT = { v: 1, position: 'page 2' };
const FAILURE = { kind: 'transient', code: 'source_unavailable', message: 'down' } as const;

const request = (syncId: string) => ({ tenantId, syncId, cause: 'test' });

interface Stopped {
  syncId: string;
  connectionId: string;
}

/** A sync that stored one page and then failed at the second. */
async function failedSync(account: string, needsReauth = false): Promise<Stopped> {
  const { syncId, connectionId } = await halfway(account);
  const fencingToken = await claimed(db, { syncId, connectionId, seq: 1 });
  const attempt = { syncId, connectionId, seq: 1, pickup: 0, fencingToken, worker: WORKER };
  await settleFailure(db, attempt, { failure: FAILURE, needsReauth, apiCalls: 1 });
  return { syncId, connectionId };
}

async function halfway(account: string): Promise<Stopped> {
  const connectionId = await addConnection(db, account);
  const syncId = await startedSync(db, connectionId);
  const fencingToken = await claimed(db, { syncId, connectionId, seq: 0 });
  await commitPage(db, pageCommit({ syncId, connectionId, seq: 0, fencingToken, next: CHECKPOINT }), noCrash);
  return { syncId, connectionId };
}

async function retried(stopped: Stopped): Promise<string> {
  const outcome = await retrySync(db, request(stopped.syncId));
  if (outcome.kind !== 'started') throw new Error(`not retried: ${outcome.kind}`);
  return outcome.syncId;
}

const start = ({ connectionId }: Stopped) =>
  startSync(db, {
    connectionId,
    mode: 'incremental',
    trigger: 'api',
    priority: 'normal',
    streams: ['conversations'],
    cause: 'test',
  });

describe('a retry', () => {
  test('L7 goes on from the checkpoint of a failed sync, in a new one', async () => {
    const stopped = await failedSync('from-failed');
    const syncId = await retried(stopped);
    const loaded = await loadPage(db, { syncId, seq: 0, pickup: 0 });
    expect(loaded).toMatchObject({
      kind: 'work',
      work: { trigger: 'retry', mode: 'full', streams: [{ checkpoint: CHECKPOINT, done: false }] },
    });
    const [row] =
      await db.sql`SELECT status, retry_of, attempt, records_read FROM syncs WHERE id = ${syncId}`;
    expect(row).toEqual({ status: 'queued', retry_of: stopped.syncId, attempt: 1, records_read: 0 });
    const jobs = await db.sql`SELECT 1 FROM outbox WHERE payload->'payload'->>'syncId' = ${syncId}`;
    expect(jobs).toHaveLength(1);
  });

  test('L7 goes on from the checkpoint of a cancelled sync too, and its late worker cannot move it', async () => {
    const stopped = await halfway('from-cancelled');
    const page = { ...stopped, seq: 1 };
    const fencingToken = await claimed(db, page);
    await cancelSync(db, request(stopped.syncId));
    const syncId = await retried(stopped);
    const late = pageCommit({ ...page, fencingToken, next: { v: 1, position: 'wrong' } });
    expect(await commitPage(db, late, noCrash)).toMatchObject({ kind: 'superseded' });
    const loaded = await loadPage(db, { syncId, seq: 0, pickup: 0 });
    expect(loaded).toMatchObject({ kind: 'work', work: { streams: [{ checkpoint: CHECKPOINT }] } });
  });

  test('I8 L7 owes what the stopped sync set aside, so that its watermark waits for it', async () => {
    const stopped = await failedSync('owing');
    await db.sql`
      INSERT INTO sync_failed_pages (connection_id, sync_id, stream, seq, what, checkpoint, error_code, error_message, attempts)
      VALUES (${stopped.connectionId}, ${stopped.syncId}, 'conversations', 0, 'one', '{}', 'source_unavailable', 'x', 8)`;
    const page = { syncId: await retried(stopped), connectionId: stopped.connectionId, seq: 0 };
    const [owing] = await db.sql`SELECT partial, failed_pages FROM syncs WHERE id = ${page.syncId}`;
    expect(owing).toEqual({ partial: true, failed_pages: 1 });
    const fencingToken = await claimed(db, page);
    const last = { ...page, fencingToken, next: null, watermark: { updatedTime: 'now' } };
    expect(await commitPage(db, pageCommit(last), noCrash)).toMatchObject({ kind: 'committed', next: null });
    const [state] = await db.sql`SELECT watermark FROM sync_state WHERE connection_id = ${page.connectionId}`;
    expect(state).toEqual({ watermark: null });
    const owed = {
      syncId: page.syncId,
      connectionId: page.connectionId,
      priority: 'normal',
      cause: 'test',
    } as const;
    expect((await retryFailedPages(db, owed)).kind).toBe('started');
  });

  test('L7 of a stopped retry of failed pages takes over those it had taken up', async () => {
    const partial = await failedSync('taken');
    await db.sql`
      INSERT INTO sync_failed_pages (connection_id, sync_id, stream, seq, what, checkpoint, error_code, error_message, attempts)
      SELECT ${partial.connectionId}, ${partial.syncId}, 'conversations', n, 'one', '{"v":2}', 'source_unavailable', 'x', 8
      FROM generate_series(1, 2) AS n`;
    const owed = { ...partial, priority: 'normal', cause: 'test' } as const;
    const mending = await retryFailedPages(db, owed);
    if (mending.kind !== 'started') throw new Error(mending.kind);
    await cancelSync(db, request(mending.syncId));
    const page = {
      syncId: await retried({ ...partial, syncId: mending.syncId }),
      connectionId: partial.connectionId,
    };
    for (const seq of [0, 1]) {
      const loaded = await loadPage(db, { syncId: page.syncId, seq, pickup: 0 });
      const stream = loaded.kind === 'work' ? loaded.work.streams[0] : undefined;
      expect(stream).toMatchObject({ checkpoint: { v: 2 }, done: false });
      const failedPageId = stream?.failedPageId ?? null;
      const fencingToken = await claimed(db, { ...page, seq });
      await commitPage(db, pageCommit({ ...page, seq, fencingToken, next: null, failedPageId }), noCrash);
    }
    const pages =
      await db.sql`SELECT DISTINCT status, taken_by FROM sync_failed_pages WHERE sync_id = ${partial.syncId}`;
    expect(pages.map((row) => ({ ...row }))).toEqual([{ status: 'mended', taken_by: page.syncId }]);
    const [sync] = await db.sql`SELECT status, partial FROM syncs WHERE id = ${page.syncId}`;
    expect(sync).toEqual({ status: 'completed', partial: false });
  });

  test('of a retry that failed goes on from where that one stopped', async () => {
    const first = await failedSync('chain');
    const second = { syncId: await retried(first), connectionId: first.connectionId };
    await cancelSync(db, request(second.syncId));
    expect(await retrySync(db, request(first.syncId))).toEqual({
      kind: 'overtaken',
      laterSyncId: second.syncId,
    });
    const third = await retried(second);
    expect(await loadPage(db, { syncId: third, seq: 0, pickup: 0 })).toMatchObject({
      kind: 'work',
      work: { streams: [{ checkpoint: CHECKPOINT }] },
    });
  });

  test('is refused, changing nothing, once a later sync began, whatever became of it', async () => {
    const stopped = await failedSync('overtaken');
    const later = await start(stopped);
    if (later.kind !== 'started') throw new Error('busy');
    expect(await retrySync(db, request(stopped.syncId))).toEqual({
      kind: 'busy',
      activeSyncId: later.syncId,
    });
    await cancelSync(db, request(later.syncId));
    expect(await retrySync(db, request(stopped.syncId))).toEqual({
      kind: 'overtaken',
      laterSyncId: later.syncId,
    });
    const syncs = await db.sql`SELECT 1 FROM syncs WHERE connection_id = ${stopped.connectionId}`;
    expect(syncs).toHaveLength(2);
    const [state] =
      await db.sql`SELECT sync_id FROM sync_state WHERE connection_id = ${stopped.connectionId}`;
    expect(state).toEqual({ sync_id: later.syncId });
  });

  test('is refused when a later sync took only some of the streams', async () => {
    const stopped = await failedSync('some-streams');
    await db.sql`
      INSERT INTO sync_state (connection_id, stream, sync_id) VALUES (${stopped.connectionId}, 'old', ${stopped.syncId})`;
    const later = await start(stopped);
    if (later.kind !== 'started') throw new Error('busy');
    await cancelSync(db, request(later.syncId));
    expect((await retrySync(db, request(stopped.syncId))).kind).toBe('overtaken');
  });

  test('is refused on dead credentials, on a deleted connection, for others, and from a live or completed sync', async () => {
    const dead = await failedSync('dead', true);
    expect(await retrySync(db, request(dead.syncId))).toEqual({ kind: 'needsReauth' });
    const gone = await failedSync('gone');
    await db.sql`UPDATE connections SET deleted_at = now() WHERE id = ${gone.connectionId}`;
    expect(await retrySync(db, request(gone.syncId))).toEqual({ kind: 'connectionDeleted' });
    const [stranger] = await db.sql<
      { id: string }[]
    >`INSERT INTO tenants (name) VALUES ('other') RETURNING id`;
    const foreign = { ...request(dead.syncId), tenantId: stranger?.id ?? '' };
    expect(await retrySync(db, foreign)).toEqual({ kind: 'notFound' });
    const live = await halfway('live');
    expect(await retrySync(db, request(live.syncId))).toEqual({ kind: 'illegal', from: 'running' });
    await db.sql`UPDATE syncs SET status = 'completed' WHERE id = ${live.syncId}`;
    expect(await retrySync(db, request(live.syncId))).toEqual({ kind: 'illegal', from: 'completed' });
  });

  test('I4 of retries and starts at once one wins, and the streams are the winner’s', async () => {
    const other = openDatabase({ url: fixture.url, max: 10, applicationName: 'other' });
    for (let round = 0; round < 8; round += 1) {
      const stopped = await failedSync(`race-${round}`);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index % 4 === round % 4
            ? start(stopped)
            : retrySync(index % 2 === 0 ? db : other, request(stopped.syncId)),
        ),
      );
      const winners = outcomes.flatMap((outcome) => (outcome.kind === 'started' ? [outcome.syncId] : []));
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes) expect(['started', 'busy']).toContain(outcome.kind);
      const [state] =
        await db.sql`SELECT sync_id FROM sync_state WHERE connection_id = ${stopped.connectionId}`;
      expect(state?.sync_id).toBe(winners[0]);
    }
    await other.close();
  });
});
