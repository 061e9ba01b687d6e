import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectShop, type Harness, openHarness } from './harness.ts';
import { writeConversation } from './stored-records.ts';
import { writeConversations } from '../../../packages/db/src/ops/write-records.ts';
import { conversation, message } from '../../../packages/db/test/ops/fixtures.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

const rule = { name: 'orders', actions: [{ type: 'add_tag', tag: 'order' }, { type: 'notify' }] };
const create = (body: unknown, key = api.admin) => api.ask('POST', '/v1/automation-rules', { body, key });

describe('automation rules', () => {
  test('are made with defaults, listed, changed and deleted', async () => {
    const made = await create(rule);
    expect(made.statusCode).toBe(201);
    const { id, createdAt, updatedAt, activeSince, ...shown } = made.json();
    expect(made.headers.location).toBe(`/v1/automation-rules/${id}`);
    expect(shown).toEqual({
      connectionId: null,
      name: 'orders',
      enabled: true,
      condition: { eventTypes: ['message'], text: null, firstMessageOnly: false },
      actions: [
        { type: 'add_tag', tag: 'order', automatic: false },
        { type: 'notify', message: null },
      ],
    });
    const list = (await api.ask('GET', '/v1/automation-rules')).json();
    expect(list.data).toEqual([{ id, createdAt, updatedAt, activeSince, ...shown }]);
    const condition = { text: { match: 'equals', anyOf: ['stop'] } };
    const changed = await api.ask('PATCH', `/v1/automation-rules/${id}`, {
      body: { enabled: false, condition },
    });
    expect(changed.json()).toMatchObject({ enabled: false, name: 'orders', condition });
    expect((await api.ask('DELETE', `/v1/automation-rules/${id}`)).statusCode).toBe(204);
    expect((await api.ask('GET', `/v1/automation-rules/${id}`)).statusCode).toBe(404);
  });

  test.each([
    [{ ...rule, actions: [] }, '/actions'],
    [{ ...rule, actions: [{ type: 'add_tag', tag: ' ' }] }, '/actions/0/tag'],
    [{ ...rule, condition: { eventTypes: ['read'] } }, '/condition/eventTypes/0'],
    [{ ...rule, condition: { text: { match: 'contains', anyOf: [' '] } } }, '/condition/text/anyOf/0'],
  ])('refuse %j and say where', async (body, pointer) => {
    const answer = await create(body);
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([422, pointer]);
  });

  test('belong to their tenant, with its connections only', async () => {
    const { id } = (await create(rule)).json();
    const stranger = await api.newKey(['admin'], await api.newTenant('another'));
    for (const [method, path] of [
      ['GET', `/v1/automation-rules/${id}`],
      ['GET', `/v1/automation-rules/${id}/firings`],
      ['DELETE', `/v1/automation-rules/${id}`],
    ] as const) {
      expect((await api.ask(method, path, { key: stranger })).statusCode).toBe(404);
    }
    const patched = await api.ask('PATCH', `/v1/automation-rules/${id}`, {
      key: stranger,
      body: { name: 'x' },
    });
    expect(patched.statusCode).toBe(404);
    const connectionId = await connectShop(api);
    expect((await create({ ...rule, connectionId }, stranger)).statusCode).toBe(404);
    expect((await create({ ...rule, connectionId })).json()).toMatchObject({ connectionId });
    expect((await create(rule, await api.newKey(['operations:read']))).statusCode).toBe(403);
    await api.ask('DELETE', `/v1/automation-rules/${id}`);
  });

  test('say what they did', async () => {
    const connectionId = await connectShop(api);
    const { id } = (await create({ ...rule, connectionId })).json();
    const at = new Date(Date.now() + 60_000).toISOString();
    const row = conversation('fired', { events: [message('m1', { at }), message('m2', { at })] });
    await api.db.sql.begin((tx) => writeConversations(tx, { connectionId, pageId: 'fired' }, [row]));
    const firings = async (query = '') =>
      (await api.ask('GET', `/v1/automation-rules/${id}/firings${query}`)).json();
    const first = await firings('?limit=1');
    const second = await firings(`?limit=1&cursor=${first.nextCursor}`);
    // Both fired in one transaction: which of the two is newer is nobody's business.
    const listed = [...first.data, ...second.data].map((firing) => firing.messageId);
    expect([listed.length, new Set(listed), second.nextCursor]).toEqual([2, new Set(['m1', 'm2']), null]);
    expect(first.data[0]).toMatchObject({ ruleId: id, actions: [{ type: 'add_tag', tag: 'order' }, {}] });
    const tags = await api.ask('GET', `/v1/conversations/${first.data[0].conversationId}/tags`);
    expect(tags.json().data).toMatchObject([{ tag: 'order', automatic: false, cause: 'rule', ruleId: id }]);
  });
});

describe('tags of a conversation', () => {
  test('are set, changed, listed by name and removed', async () => {
    const conversationId = await writeConversation(api.db, await connectShop(api), 1);
    const of = (tag = '') => `/v1/conversations/${conversationId}/tags${tag}`;
    expect((await api.ask('PUT', of('/waiting%20%2F%20later'), { body: {} })).json()).toMatchObject({
      tag: 'waiting / later',
      automatic: false,
      cause: 'api',
      ruleId: null,
    });
    await api.ask('PUT', of('/asked'), { body: { automatic: true } });
    await api.ask('PUT', of('/waiting%20%2F%20later'), { body: { automatic: true } });
    const list = async () => (await api.ask('GET', of())).json().data;
    expect(await list()).toMatchObject([
      { tag: 'asked', automatic: true },
      { tag: 'waiting / later', automatic: true },
    ]);
    expect((await api.ask('DELETE', of('/asked'))).statusCode).toBe(204);
    expect((await api.ask('DELETE', of('/asked'))).statusCode).toBe(404);
    expect(await list()).toHaveLength(1);

    const stranger = await api.newKey(['admin'], await api.newTenant('a third'));
    expect((await api.ask('GET', of(), { key: stranger })).statusCode).toBe(404);
    expect((await api.ask('PUT', of('/x'), { key: stranger, body: {} })).statusCode).toBe(404);
    expect((await api.ask('DELETE', of('/waiting%20%2F%20later'), { key: stranger })).statusCode).toBe(404);
    expect(await list()).toHaveLength(1);
  });
});
