import { afterEach, expect, test } from '@jest/globals';
import { type GraphSimulator, maxInWindow, startGraphSimulator } from '../src/index.ts';
import { CallLog, maxOverlap, type NewCall } from '../src/ledger/calls.ts';
import { get, type Json, PAGE, TOKEN, walk } from './reader.ts';

const open: GraphSimulator[] = [];
afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close();
});

async function start(sleep?: (ms: number) => Promise<void>): Promise<GraphSimulator> {
  const pages = [
    { pageId: PAGE, accessToken: TOKEN, conversations: 40, messages: 1_200, longThreads: 1, odd: true },
    { pageId: '200', accessToken: 'OTHER', conversations: 2 },
  ];
  const sim = await startGraphSimulator(sleep ? { pages, sleep } : { pages });
  open.push(sim);
  return sim;
}

test('what the ledger expects is what the edges answer', async () => {
  const sim = await start();
  const fields = 'id,created_time,from{id},message';
  const found = await walk(sim, `/v26.0/${PAGE}/conversations?limit=11&fields=id,updated_time`);
  const { conversations } = sim.ledger.expected(PAGE);
  const order = found.map((row) => row.id).filter((id) => conversations.some((item) => item.graphId === id));
  expect(order).toEqual(conversations.map((item) => item.graphId));
  for (const item of conversations) {
    const messages = await walk(sim, `/v26.0/${item.graphId}/messages?limit=90&fields=${fields}`);
    const usable = messages.filter((message) => message.created_time !== undefined).reverse();
    expect(usable.map(shown)).toEqual(
      item.messages.map((message) => [message.id, message.createdTime, message.text, message.fromPage]),
    );
  }
});

function shown(message: Json): unknown {
  const time = new Date((message.created_time ?? '').replace('+0000', 'Z')).toISOString();
  const from = message.from === undefined ? null : String(message.from.id) === PAGE;
  return [message.id, time, message.message === '' ? null : (message.message ?? null), from];
}

test('the statement follows the data: added, edited, deleted', async () => {
  const sim = await start();
  const conversation = sim.source.addConversation({ pageId: PAGE, contactName: 'Ada', messages: 3 });
  const added = sim.source.addMessage({ conversationId: conversation.id, text: 'one', fromPage: true });
  sim.source.editMessage(added.id, 'two');
  const [first] = sim.ledger.expected(PAGE).conversations;
  expect(first).toMatchObject({
    graphId: conversation.id,
    contactName: 'Ada',
    contactId: conversation.contactId,
  });
  expect(first?.messages.at(-1)).toMatchObject({ id: added.id, text: 'two', fromPage: true });
  sim.source.deleteMessage(added.id);
  expect(sim.ledger.expected(PAGE).conversations[0]?.messages).toHaveLength(3);
  sim.source.deleteConversation(conversation.id);
  const after = sim.ledger.expected(PAGE, { totalsOnly: true });
  expect(after.deleted).toEqual([conversation.id]);
  expect(after.conversations).toEqual([]);
  expect(after.totals.sourceMessages).toBe(1_200);
});

test('an edit keeps the place of its thread, unless it is told to bump', async () => {
  const sim = await start();
  const last = sim.ledger.expected(PAGE).conversations.at(-1);
  const message = last?.messages[0]?.id ?? '';
  sim.source.editMessage(message, 'changed');
  expect(sim.ledger.expected(PAGE).conversations.at(-1)?.graphId).toBe(last?.graphId);
  sim.source.editMessage(message, 'changed again', { bump: true });
  expect(sim.ledger.expected(PAGE).conversations[0]?.graphId).toBe(last?.graphId);
});

test('a message added in the past takes its place and bumps nothing', async () => {
  const sim = await start();
  const last = sim.ledger.expected(PAGE).conversations.at(-1);
  const at = Date.parse(last?.messages[0]?.createdTime ?? '') - 60_000;
  const added = sim.source.addMessage({ conversationId: last?.graphId, at, id: 'm_own' });
  expect(sim.source.message('m_own')?.message).toBe(added);
  expect(() => sim.source.addMessage({ pageId: PAGE, id: 'm_own' })).toThrow('exists');
  const now = sim.ledger.expected(PAGE).conversations.at(-1);
  expect([now?.graphId, now?.messages[0]?.id]).toEqual([last?.graphId, 'm_own']);
  sim.source.deleteConversation(last?.graphId ?? '');
  expect(sim.source.message('m_own')).toBeNull();
});

test('a message of the past does not move the newest thread down', async () => {
  const sim = await start();
  const first = sim.ledger.expected(PAGE).conversations[0];
  sim.source.addMessage({ conversationId: first?.graphId, at: Date.parse('2020-01-01T00:00:00Z') });
  const now = sim.ledger.expected(PAGE).conversations[0];
  expect([now?.graphId, now?.updatedTime]).toEqual([first?.graphId, first?.updatedTime]);
});

test('listeners hear of each change', async () => {
  const sim = await start();
  const heard: string[] = [];
  const stop = sim.source.onMutation((mutation) => heard.push(`${mutation.kind} ${mutation.pageId}`));
  const { id } = sim.source.addMessage({ pageId: PAGE });
  stop();
  sim.source.deleteMessage(id);
  expect(heard).toEqual([`message-added ${PAGE}`]);
});

test('calls are kept with page, edge, cursor and outcome, and never with a token', async () => {
  const sim = await start();
  const first = await get(sim, `/v26.0/${PAGE}/conversations?limit=5&fields=id,messages.limit(2){id}`);
  await get(sim, first.json.paging?.next ?? '');
  await get(sim, '/v26.0/t_1/messages');
  await get(sim, `${sim.url}/200?access_token=OTHER`);
  expect(sim.ledger.calls()).toMatchObject([
    {
      seq: 1,
      method: 'GET',
      path: `/v26.0/${PAGE}/conversations`,
      edge: 'conversations',
      cursor: null,
      rows: 5,
    },
    { seq: 2, pageId: PAGE, cursor: expect.any(String), limit: '5', status: 200, errorCode: null },
    { seq: 3, pageId: null, edge: 'messages', objectId: 't_1', status: 400, errorCode: 100 },
    { seq: 4, pageId: '200', edge: 'page', rows: 1 },
  ]);
  expect(sim.ledger.calls({ pageId: PAGE })).toHaveLength(2);
  expect(sim.ledger.calls({ edge: 'page' })).toHaveLength(1);
  expect(JSON.stringify(sim.ledger.calls())).not.toMatch(/TOKEN|OTHER/);
  const times = sim.ledger.calls().map((item) => item.at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  sim.ledger.reset();
  expect([sim.ledger.total, sim.ledger.calls()]).toEqual([0, []]);
});

test('the highest number running at once is kept', async () => {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const sim = await start(() => gate);
  sim.setLatency({ ms: 1 });
  const pending = Array.from({ length: 5 }, () => get(sim, '/me'));
  while (sim.ledger.running < 5) await new Promise((resolve) => setImmediate(resolve));
  release();
  await Promise.all(pending);
  expect(sim.ledger.maxConcurrent).toBe(5);
  expect(sim.ledger.maxRunning({ edge: 'page' })).toBe(5);
  expect(sim.ledger.maxRunning({ edge: 'messages' })).toBe(0);
  expect(sim.ledger.calls().map((item) => item.running)).toEqual([1, 2, 3, 4, 5]);
});

test.each([
  [[], 1_000, 0],
  [[5], 1_000, 1],
  [[0, 999, 1_000, 1_001], 1_000, 3],
  [[0, 1_000, 2_000], 1_000, 1],
  [[0, 0, 0, 500, 1_499, 1_500], 1_000, 4],
])('of arrivals at %j at most so many fall into %i ms: %i', (times, ms, most) => {
  expect(maxInWindow(times, ms)).toBe(most);
});

test.each([
  [[], 0],
  [
    [
      [0, 10],
      [10, 20],
    ],
    1,
  ],
  [
    [
      [0, 10],
      [9, 20],
      [5, 7],
    ],
    2,
  ],
  [
    [
      [0, Number.POSITIVE_INFINITY],
      [3, 4],
      [3, 9],
    ],
    3,
  ],
] as [[number, number][], number][])('of spans %j at most so many overlap: %i', (spans, most) => {
  expect(maxOverlap(spans)).toBe(most);
});

test('memory is bounded: the latest calls stay, the others are counted', () => {
  const log = new CallLog(100);
  const call: NewCall = {
    method: 'GET',
    path: '/',
    edge: 'page',
    pageId: null,
    objectId: null,
    cursor: null,
    limit: null,
  };
  for (let i = 0; i < 1_000; i += 1) log.end(log.begin(call));
  const kept = log.calls();
  expect(kept.length).toBeLessThan(100 + 16);
  expect(kept.at(-1)?.seq).toBe(1_000);
  expect(kept.length + log.dropped).toBe(1_000);
  expect([log.total, log.running, log.maxConcurrent]).toEqual([1_000, 0, 1]);
});
