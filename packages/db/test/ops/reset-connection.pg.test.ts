import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, resetConnection, startSync } from '@tidemark/db';
import { addConnection, type Fixture, openFixture, startedSync } from './fixtures.ts';

let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants`;
  tenantId = tenant?.id ?? '';
});
afterAll(() => fixture.close());

async function known(account: string): Promise<string> {
  const connectionId = await addConnection(db, account);
  await db.sql`
    INSERT INTO sync_state (connection_id, stream, watermark, checkpoint)
    VALUES (${connectionId}, 'conversations', '{"updatedTime": null}', '{"v": 1}')`;
  return connectionId;
}

async function watermarkOf(connectionId: string): Promise<unknown> {
  const [row] =
    await db.sql`SELECT watermark, checkpoint FROM sync_state WHERE connection_id = ${connectionId}`;
  return row;
}

describe('a reset', () => {
  test('E12 forgets checkpoint and watermark, and the next sync is full', async () => {
    const connectionId = await known('reset');
    expect(await resetConnection(db, { tenantId, connectionId })).toEqual({ kind: 'reset' });
    expect(await watermarkOf(connectionId)).toEqual({ watermark: null, checkpoint: null });
    const syncId = await startedSync(db, connectionId);
    expect((await db.sql`SELECT mode FROM syncs WHERE id = ${syncId}`)[0]).toEqual({ mode: 'full' });
  });

  test('is refused while a sync lives, and for others', async () => {
    const connectionId = await known('reset-busy');
    const syncId = await startedSync(db, connectionId);
    expect(await resetConnection(db, { tenantId, connectionId })).toEqual({
      kind: 'busy',
      activeSyncId: syncId,
    });
    const stranger = '01930000-0000-7000-8000-000000000009';
    expect(await resetConnection(db, { tenantId: stranger, connectionId })).toEqual({ kind: 'notFound' });
  });

  test('racing with starts, never takes the state from under a live sync', async () => {
    for (let lap = 0; lap < 20; lap += 1) {
      const connectionId = await known(`reset-race-${lap}`);
      const request = {
        connectionId,
        trigger: 'api',
        priority: 'normal',
        streams: ['conversations'],
        cause: 'test',
      } as const;
      const [reset, start] = await Promise.all([
        resetConnection(db, { tenantId, connectionId }),
        startSync(db, { ...request, mode: 'incremental' }),
      ]);
      const [sync] = await db.sql<
        { mode: string }[]
      >`SELECT mode FROM syncs WHERE connection_id = ${connectionId}`;
      expect(start.kind).toBe('started');
      expect(sync?.mode).toBe(reset.kind === 'reset' ? 'full' : 'incremental');
    }
  });
});
