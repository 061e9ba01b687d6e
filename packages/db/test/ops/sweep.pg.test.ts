import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancelSync, type Database, editConversation, retrySync } from '@tidemark/db';
import { conversation, type Fixture, message, openFixture } from './fixtures.ts';
import { age, contacts, seenKeys, show, shownSync, startWalk, stored, walk } from './full-walk.ts';

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

const TEN = 'abcdefghij'.split('');
const sync = (syncId: string) => shownSync(db, tenantId, syncId);

async function rowsOf(connectionId: string) {
  const rows = await db.sql<{ contact: string; version: number; xmin: string; hash: string }[]>`
    SELECT sender_id AS contact, version, xmin::text, content_hash AS hash FROM messenger_conversations
    WHERE connection_id = ${connectionId} ORDER BY sender_id`;
  return new Map(rows.map((row) => [row.contact, { ...row }]));
}

const quarantined = (externalId: string | null) => ({
  stream: 'conversations',
  externalId,
  reason: 'is broken',
  path: '',
  raw: { id: externalId },
});
const LOST = {
  checkpoint: { v: 1 },
  what: 'a page',
  failure: { kind: 'invalidRequest', code: 'source_request_invalid', message: 'no' },
  attempts: 1,
} as const;

describe('E17 the sweep after a full sync', () => {
  test('I11 marks exactly what vanished, and rewrites nothing else', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const before = await rowsOf(connectionId);
    const [gone = '', ...rest] = all;
    const syncId = await walk(db, connectionId, [{ rows: rest.slice(0, 5) }, { rows: rest.slice(5) }]);
    expect(await contacts(db, connectionId)).toEqual({ live: rest, deleted: [gone] });
    const after = await rowsOf(connectionId);
    expect(after.get(gone)?.version).toBe((before.get(gone)?.version ?? 0) + 1);
    for (const contact of rest) expect(after.get(contact)).toEqual(before.get(contact));
    const { progress, sweeps, warnings } = await sync(syncId);
    expect(progress.records).toMatchObject({ read: 9, skipped: 9, deleted: 1 });
    expect(sweeps).toEqual([
      expect.objectContaining({
        status: 'swept',
        reason: null,
        wouldDelete: 1,
        of: 10,
        share: 0.1,
        deleted: 1,
      }),
    ]);
    expect(warnings).toEqual([]);
    const [result] =
      await db.sql`SELECT records_deleted FROM sync_results WHERE sync_id = ${syncId} AND stream = 'conversations'`;
    expect(result).toEqual({ records_deleted: 1 });
    expect(await seenKeys(db, connectionId)).toBe(0);
  });

  test('they come back to life when the source shows them again, as a change', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone = '', ...rest] = all;
    await walk(db, connectionId, [{ rows: rest }]);
    await age(db, connectionId);
    const deleted = (await rowsOf(connectionId)).get(gone);
    const syncId = await walk(db, connectionId, [{ rows: [gone] }], 'incremental');
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    const back = (await rowsOf(connectionId)).get(gone);
    expect(back?.version).toBe((deleted?.version ?? 0) + 1);
    expect((await sync(syncId)).progress.records).toMatchObject({ read: 1, updated: 1, skipped: 0 });
  });

  test('a message that arrives by another way brings its conversation back', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone = '', ...rest] = all;
    await walk(db, connectionId, [{ rows: rest }]);
    const record = {
      sender_id: gone,
      events: [
        {
          event_type: 'message',
          event_timestamp: '2024-07-01T00:00:00Z',
          message_id: `m-${gone}`,
          direction: 'in',
        },
      ],
    };
    await db.sql`SELECT upsert_conversation_with_events(${connectionId}, '1001', ${JSON.stringify(record)}::text::jsonb)`;
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
  });

  test.each([
    ['lost a page to an error', [{ setAside: LOST }, {}], 'partial', []],
    ['lost its last page to an error', [{}, { setAside: LOST }], 'partial', []],
    ['is not proved to be whole', [{}, { isWhole: false }], 'walk_unproved', ['sweep_skipped']],
    [
      'met a record without an id',
      [{ invalid: [quarantined(null)] }, {}],
      'record_unnamed',
      ['sweep_skipped'],
    ],
  ] as const)('I11 one that %s deletes nothing, and says so', async (_, pages, reason, codes) => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [first, last] = pages;
    const rows = all.slice(1);
    const syncId = await walk(db, connectionId, [
      {
        ...first,
        invalid: 'invalid' in first ? [...first.invalid] : [],
        rows: 'setAside' in first ? [] : rows,
      },
      { ...last, rows: 'setAside' in first ? rows : [] },
    ]);
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    const { status, sweeps, warnings } = await sync(syncId);
    expect([status, sweeps.map((sweep) => [sweep.status, sweep.reason])]).toEqual([
      'completed',
      [['skipped', reason]],
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
    expect(await seenKeys(db, connectionId)).toBe(0);
  });

  test('an incremental sync deletes nothing', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const syncId = await walk(db, connectionId, [{ rows: all.slice(0, 1) }], 'incremental');
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    expect((await sync(syncId)).sweeps).toEqual([]);
  });

  test('a quarantined record is there: its row stays', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone, broken, ...rest] = all;
    await walk(db, connectionId, [{ rows: rest, invalid: [quarantined(`t_${broken}`)] }]);
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
  });

  test('a row whose id at the source is not known is left alone while an unknown record is quarantined', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone = '', nameless = '', ...rest] = all;
    await db.sql`UPDATE messenger_conversations SET graph_id = NULL WHERE sender_id = ${nameless}`;
    await walk(db, connectionId, [{ rows: rest, invalid: [quarantined('t_unknown')] }]);
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
    await age(db, connectionId);
    await walk(db, connectionId, [{ rows: rest }]);
    expect((await contacts(db, connectionId)).deleted).toEqual([gone, nameless]);
  });

  test('what another path wrote while the walk went on is left alone', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone, touched = '', ...rest] = all;
    const syncId = await startWalk(db, connectionId);
    const at = { syncId, connectionId };
    await show(db, { ...at, seq: 0, isLast: false }, { rows: rest });
    const added = `${touched}-new`;
    for (const contact of [touched, added]) {
      const record = {
        sender_id: contact,
        sender_name: 'written by a webhook',
        as_of: '2025-01-01T00:00:00Z',
      };
      await db.sql`SELECT upsert_conversation_with_events(${connectionId}, '1001', ${JSON.stringify(record)}::text::jsonb)`;
    }
    await show(db, { ...at, seq: 1, isLast: true }, {});
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
  });

  test('a row that somebody holds locked is not waited for', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone, locked = '', ...rest] = all;
    const syncId = await startWalk(db, connectionId);
    await db.sql.begin(async (tx) => {
      await tx`SELECT 1 FROM messenger_conversations WHERE sender_id = ${locked} FOR NO KEY UPDATE`;
      await show(db, { syncId, connectionId, seq: 0, isLast: true }, { rows: rest });
    });
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
    expect((await sync(syncId)).sweeps).toEqual([expect.objectContaining({ wouldDelete: 2, deleted: 1 })]);
  });

  test('local edits and messages of a deleted conversation are there when it comes back', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone = '', ...rest] = all;
    await walk(db, connectionId, [
      { rows: [...rest, conversation(gone, { events: [message(`m-${gone}`)] })] },
    ]);
    const [row] = await db.sql<{ id: string; version: number }[]>`
      SELECT id, version FROM messenger_conversations WHERE sender_id = ${gone}`;
    const edit = {
      tenantId,
      conversationId: row?.id ?? '',
      versions: [row?.version ?? 0],
      changes: { senderName: 'Edited' },
    };
    expect((await editConversation(db, edit)).kind).toBe('edited');
    await age(db, connectionId);
    await walk(db, connectionId, [{ rows: rest }]);
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
    await walk(db, connectionId, [{ rows: all }]);
    const [back] = await db.sql`
      SELECT sender_name, message_count, deleted_at, local_edits <> '{}' AS edited FROM messenger_conversations WHERE sender_id = ${gone}`;
    expect(back).toEqual({ sender_name: 'Edited', message_count: 1, deleted_at: null, edited: true });
  });
});

describe('E17 a full sync that stopped', () => {
  test('leaves what it has seen to its retry, which deletes exactly what neither saw', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone, ...rest] = all;
    const stopped = await startWalk(db, connectionId);
    await show(db, { syncId: stopped, connectionId, seq: 0, isLast: false }, { rows: rest.slice(0, 5) });
    await cancelSync(db, { tenantId, syncId: stopped, cause: 'test' });
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    const retry = await retrySync(db, { tenantId, syncId: stopped, cause: 'test' });
    if (retry.kind !== 'started') throw new Error(retry.kind);
    await show(db, { syncId: retry.syncId, connectionId, seq: 0, isLast: true }, { rows: rest.slice(5) });
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
    expect((await sync(retry.syncId)).warnings).toEqual([]);
  });

  test('before its first page is begun anew by its retry, which sweeps as well', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const stopped = await startWalk(db, connectionId);
    await cancelSync(db, { tenantId, syncId: stopped, cause: 'test' });
    const retry = await retrySync(db, { tenantId, syncId: stopped, cause: 'test' });
    if (retry.kind !== 'started') throw new Error(retry.kind);
    await show(db, { syncId: retry.syncId, connectionId, seq: 0, isLast: true }, { rows: all.slice(1) });
    expect((await contacts(db, connectionId)).deleted).toEqual(all.slice(0, 1));
  });

  test('keeps nothing once another sync has begun', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const stopped = await startWalk(db, connectionId);
    await show(db, { syncId: stopped, connectionId, seq: 0, isLast: false }, { rows: all });
    await cancelSync(db, { tenantId, syncId: stopped, cause: 'test' });
    expect(await seenKeys(db, connectionId)).toBe(10);
    await walk(db, connectionId, [{ rows: all.slice(0, 1) }], 'incremental');
    expect(await seenKeys(db, connectionId)).toBe(0);
    expect((await sync(stopped)).sweeps).toEqual([expect.objectContaining({ status: 'superseded' })]);
  });
});
