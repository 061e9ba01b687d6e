import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noCrash } from '@tidemark/core/crash';
import { commitPage, type Database, openDatabase, type StartSync, startSync } from '@tidemark/db';
import { addConnection, claimed, type Fixture, openFixture, pageCommit, startedSync } from './fixtures.ts';

let fixture: Fixture;
let db: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

function request(connectionId: string, values: Partial<StartSync> = {}): StartSync {
  return {
    connectionId,
    mode: 'incremental',
    trigger: 'api',
    priority: 'normal',
    streams: ['conversations'],
    cause: 'test',
    ...values,
  };
}

describe('starting a sync', () => {
  test('I4 of fifty at once over two pools one starts, and the others learn its id', async () => {
    const connectionId = await addConnection(db, 'fifty');
    const other = openDatabase({ url: fixture.url, max: 20, applicationName: 'other' });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        startSync(index % 2 === 0 ? db : other, request(connectionId)),
      ),
    );
    await other.close();
    const started = outcomes.filter((outcome) => outcome.kind === 'started');
    expect(started).toHaveLength(1);
    const busy = outcomes.filter((outcome) => outcome.kind === 'busy');
    expect(new Set(busy.map((outcome) => outcome.activeSyncId))).toEqual(new Set([started[0]?.syncId]));
  });

  test('writes the first job to the outbox in the same transaction', async () => {
    const connectionId = await addConnection(db, 'outbox');
    const syncId = await startedSync(db, connectionId);
    const rows =
      await db.sql`SELECT kind, payload FROM outbox WHERE payload->'payload'->>'syncId' = ${syncId}`;
    expect(rows.map((row) => ({ ...row }))).toEqual([
      {
        kind: 'job',
        payload: { name: 'sync-page', payload: { syncId, seq: 0, pickup: 0 }, priority: expect.any(Number) },
      },
    ]);
  });

  test('the first sync is full by itself, the next is incremental once a watermark is known', async () => {
    const connectionId = await addConnection(db, 'modes');
    const syncId = await startedSync(db, connectionId);
    expect(await modeOf(syncId)).toBe('full');
    const fencingToken = await claimed(db, { syncId, connectionId, seq: 0 });
    const last = pageCommit({
      syncId,
      connectionId,
      seq: 0,
      fencingToken,
      next: null,
      watermark: { updatedTime: null },
    });
    expect(await commitPage(db, last, noCrash)).toMatchObject({ kind: 'committed', next: null });

    const second = await startedSync(db, connectionId);
    expect(await modeOf(second)).toBe('incremental');
  });

  test('a connection that ended its sync can start the next one at once', async () => {
    const connectionId = await addConnection(db, 'again');
    const syncId = await startedSync(db, connectionId);
    await db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${syncId}`;
    expect((await startSync(db, request(connectionId))).kind).toBe('started');
  });

  test('not on a connection that was deleted or needs new credentials, however late that is noticed', async () => {
    const deleted = await addConnection(db, 'deleted');
    await db.sql`UPDATE connections SET deleted_at = now() WHERE id = ${deleted}`;
    expect(await startSync(db, request(deleted))).toEqual({ kind: 'unusable' });
    const refused = await addConnection(db, 'refused');
    await db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${refused}`;
    expect(await startSync(db, request(refused))).toEqual({ kind: 'unusable' });
  });
});

async function modeOf(syncId: string): Promise<string> {
  const [row] = await db.sql<{ mode: string }[]>`SELECT mode FROM syncs WHERE id = ${syncId}`;
  return row?.mode ?? '';
}
