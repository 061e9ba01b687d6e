import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectorRegistry } from '@tidemark/connectors';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import { writeRecords } from '../../../packages/db/src/ops/write-records.ts';
import { connectShop, type Harness, openHarness } from './harness.ts';
import { quarantine } from './stored-records.ts';

let api: Harness;
let shops: Harness;
beforeAll(async () => {
  const connectors = connectorRegistry({ graphUrl: 'http://127.0.0.1:1', graphVersion: 'v25.0' });
  api = await openHarness({ connectors });
  shops = await openHarness();
});
afterAll(async () => {
  await api.close();
  await shops.close();
});

const AS_OF = '2024-02-01T00:00:00.000Z';
/** Records as the rules of a former version refused them: they fit today's. */
const MESSAGE = { id: 'm1', created_time: '2024-01-05T10:00:00+0000', from: { id: '77' }, message: 'hello' };
const CONVERSATION = {
  id: 't_1',
  updated_time: '2024-01-05T10:00:00+0000',
  participants: {
    data: [
      { id: '1', name: 'The Page' },
      { id: '77', name: 'Ann' },
    ],
  },
  messages: { data: [MESSAGE, { id: 'm2' }] },
};

let pages = 1000;

async function connectPage(): Promise<{ connectionId: string; pageId: string }> {
  pages += 1;
  const pageId = String(pages);
  const body = {
    connector: 'messenger',
    name: 'A Page',
    config: { pageId },
    credentials: { accessToken: 't' },
  };
  const answer = await api.ask('POST', '/v1/connections', { body });
  return { connectionId: answer.json().id, pageId };
}

const quarantined = (connectionId: string, record: Partial<InvalidRecord>) =>
  quarantine(api.db, connectionId, { asOf: AS_OF, ...record });
const replay = (id: string, key = api.admin) => api.ask('POST', `/v1/quarantine/${id}/replay`, { key });
const discard = (id: string, key = api.admin) => api.ask('DELETE', `/v1/quarantine/${id}`, { key });
const listed = async (connectionId: string, status: string): Promise<Record<string, unknown>[]> =>
  (await api.ask('GET', `/v1/quarantine?connectionId=${connectionId}&status=${status}`)).json().data;
const events = (connectionId: string) => api.db.sql`
  SELECT m.sender_id, m.sender_name, m.message_count, e.message_id, e.text
  FROM messenger_conversations m LEFT JOIN contact_interaction_events e ON e.conversation_id = m.id
  WHERE m.connection_id = ${connectionId}`;

describe('POST /v1/quarantine/:id/replay', () => {
  test('stores a message that fits now with its contact, and marks it', async () => {
    const { connectionId } = await connectPage();
    const id = await quarantined(connectionId, { raw: MESSAGE, externalId: 'm1', parentId: '77' });
    const answer = await replay(id);
    expect([answer.statusCode, answer.json().status, answer.json().parentId]).toEqual([
      200,
      'replayed',
      '77',
    ]);
    expect(answer.json().closedAt).not.toBeNull();
    expect([...(await events(connectionId))]).toEqual([
      { sender_id: '77', sender_name: null, message_count: 1, message_id: 'm1', text: 'hello' },
    ]);
    expect(await listed(connectionId, 'open')).toEqual([]);
    expect((await listed(connectionId, 'replayed')).map((row) => row.id)).toEqual([id]);
  });

  test('stores a conversation with its messages; one that still does not fit is quarantined by itself', async () => {
    const { connectionId, pageId } = await connectPage();
    const participants = [{ id: pageId }, { id: '77', name: 'Ann' }];
    const id = await quarantined(connectionId, {
      stream: 'conversations',
      raw: { ...CONVERSATION, participants },
    });
    expect((await replay(id)).statusCode).toBe(200);
    expect([...(await events(connectionId))]).toEqual([
      { sender_id: '77', sender_name: 'Ann', message_count: 1, message_id: 'm1', text: 'hello' },
    ]);
    const [left] = await listed(connectionId, 'open');
    expect(left).toMatchObject({
      stream: 'messages',
      externalId: 'm2',
      path: '/created_time',
      parentId: '77',
    });
  });

  test('keeps every character the raw record had', async () => {
    const { connectionId } = await connectPage();
    const raw = { ...MESSAGE, message: 'a\u0000b' };
    const id = await quarantined(connectionId, { raw, parentId: '77' });
    expect((await replay(id)).statusCode).toBe(200);
    const [row] = await api.db.sql<{ metadata: Record<string, string> }[]>`
      SELECT e.metadata FROM contact_interaction_events e
      JOIN messenger_conversations m ON m.id = e.conversation_id WHERE m.connection_id = ${connectionId}`;
    const original = Buffer.from(row?.metadata.textOriginal ?? '', 'base64').toString();
    expect(JSON.parse(original)).toBe('a\u0000b');
  });

  test('does not overwrite what was read since', async () => {
    const { connectionId, pageId } = await connectPage();
    const id = await quarantined(connectionId, { raw: MESSAGE, parentId: '77' });
    const newer: ConversationRecord = {
      ...{
        pageId,
        senderId: '77',
        graphId: null,
        senderName: null,
        updatedAt: null,
        asOf: AS_OF,
        contentHash: null,
      },
      events: [
        {
          ...{
            type: 'message',
            at: '2024-01-05T10:00:00.000Z',
            messageId: 'm1',
            direction: 'in',
            metadata: {},
          },
          ...{ text: 'edited', asOf: '2024-03-01T00:00:00.000Z', contentHash: 'newer' },
        },
      ],
    };
    await api.db.sql.begin((tx) =>
      writeRecords(tx, connectionId, [{ kind: 'conversations', rows: [newer] }]),
    );
    expect((await replay(id)).statusCode).toBe(200);
    expect((await events(connectionId))[0]).toMatchObject({ text: 'edited', message_count: 1 });
  });

  test.each([
    ['a message that still does not fit', { raw: { id: 'm1' }, parentId: '77' }, '/created_time'],
    [
      'a conversation without a contact',
      { stream: 'conversations', raw: { ...CONVERSATION, participants: [] } },
      '/participants',
    ],
    ['a message nobody knows the contact of', { raw: MESSAGE }, ''],
    ['a participant', { stream: 'participants', raw: null, parentId: '77' }, ''],
  ])('422 with reason and path for %s, which stays open', async (_, record, path) => {
    const { connectionId } = await connectPage();
    const id = await quarantined(connectionId, record);
    const answer = await replay(id);
    expect([answer.statusCode, answer.json().code, answer.json().path]).toEqual([
      422,
      'record_invalid',
      path,
    ]);
    expect(answer.json().reason).toEqual(expect.any(String));
    expect((await listed(connectionId, 'open')).map((row) => row.id)).toEqual([id]);
    expect(await events(connectionId)).toHaveLength(0);
  });

  test('of ten at once stores it once; the others are 409', async () => {
    const { connectionId } = await connectPage();
    const id = await quarantined(connectionId, { raw: MESSAGE, parentId: '77' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => replay(id)));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, ...Array(9).fill(409)]);
    expect(answers.find((answer) => answer.statusCode === 409)?.json()).toMatchObject({
      code: 'quarantine_closed',
      closedAs: 'replayed',
    });
    const [row] = await api.db.sql`
      SELECT message_count, version FROM messenger_conversations WHERE connection_id = ${connectionId}`;
    expect(row).toEqual({ message_count: 1, version: 1 });
  });

  test('422 where the connector cannot replay', async () => {
    const connectionId = await connectShop(shops);
    const [row] = await shops.db.sql<{ id: string }[]>`
      INSERT INTO quarantine (connection_id, stream, reason, path, raw, fingerprint)
      VALUES (${connectionId}, 'orders', 'r', '/x', '{}', 'f') RETURNING id`;
    const answer = await shops.ask('POST', `/v1/quarantine/${row?.id}/replay`);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'replay_unsupported']);
  });
});

describe('DELETE /v1/quarantine/:id', () => {
  test('discards, also twice, and such a record is not replayed', async () => {
    const { connectionId } = await connectPage();
    const id = await quarantined(connectionId, { raw: MESSAGE, parentId: '77' });
    expect((await discard(id)).statusCode).toBe(204);
    expect((await discard(id)).statusCode).toBe(204);
    expect(await listed(connectionId, 'discarded')).toHaveLength(1);
    expect((await replay(id)).json()).toMatchObject({ code: 'quarantine_closed', closedAs: 'discarded' });
  });

  test('409 once it was replayed', async () => {
    const { connectionId } = await connectPage();
    const id = await quarantined(connectionId, { raw: MESSAGE, parentId: '77' });
    await replay(id);
    expect((await discard(id)).json()).toMatchObject({ status: 409, code: 'quarantine_closed' });
  });

  test('against a replay at the same time, one of the two wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { connectionId } = await connectPage();
      const id = await quarantined(connectionId, { raw: MESSAGE, parentId: '77' });
      const [replayed, discarded] = await Promise.all([replay(id), discard(id)]);
      const stored = await events(connectionId);
      const won = [replayed?.statusCode, discarded?.statusCode, stored.length];
      expect([
        [200, 409, 1],
        [409, 204, 0],
      ]).toContainEqual(won);
    }
  });

  test('a record that was closed and is read again stays closed; with other content it is a new, open one', async () => {
    const { connectionId } = await connectPage();
    const id = await quarantined(connectionId, { raw: { id: 'm1' }, externalId: 'm1', parentId: '77' });
    await discard(id);
    await quarantined(connectionId, { raw: { id: 'm1' }, externalId: 'm1', parentId: '77' });
    expect(await listed(connectionId, 'open')).toEqual([]);
    expect((await listed(connectionId, 'discarded'))[0]).toMatchObject({ id, seenCount: 2 });
    const other = await quarantined(connectionId, {
      raw: { id: 'm1', message: 'x' },
      externalId: 'm1',
      parentId: '77',
    });
    expect((await listed(connectionId, 'open')).map((row) => row.id)).toEqual([other]);
  });
});

test('another tenant finds nothing, a reader may change nothing, and an unknown status is refused', async () => {
  const { connectionId } = await connectPage();
  const id = await quarantined(connectionId, { raw: MESSAGE, parentId: '77' });
  const stranger = await api.newKey(['admin'], await api.newTenant('stranger of quarantine'));
  const reader = await api.newKey(['data:read', 'data:write', 'operations:read']);
  const answers = [
    await replay(id, stranger),
    await discard(id, stranger),
    await replay(id, reader),
    await discard(id, reader),
  ];
  expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404, 403, 403]);
  expect(await listed(connectionId, 'open')).toHaveLength(1);
  expect((await api.ask('GET', '/v1/quarantine?status=closed')).json().code).toBe('invalid_query');
});
