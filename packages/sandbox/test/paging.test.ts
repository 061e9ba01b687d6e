import { afterEach, expect, test } from '@jest/globals';
import { type GraphSimulator, type GraphSimulatorOptions, startGraphSimulator } from '../src/index.ts';
import { get, PAGE, rows, TOKEN, walk } from './reader.ts';

const open: GraphSimulator[] = [];
afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close();
});

async function start(options: GraphSimulatorOptions = {}): Promise<GraphSimulator> {
  const page = { pageId: PAGE, accessToken: TOKEN, conversations: 60, messages: 1_500, longThreads: 2 };
  const sim = await startGraphSimulator({ pages: [page], ...options });
  open.push(sim);
  return sim;
}

const newestFirst = (times: readonly string[]): string[] => [...times].sort((a, b) => b.localeCompare(a));

const EDGE = `/v26.0/${PAGE}/conversations`;

test('the edge answers 25 rows with default fields, newest first, and links with the token in them', async () => {
  const sim = await start();
  const first = await get(sim, EDGE);
  expect(rows(first)).toHaveLength(25);
  expect(Object.keys(rows(first)[0] ?? {})).toEqual(['id', 'updated_time']);
  const times = rows(first).map((row) => row.updated_time ?? '');
  expect(times).toEqual(newestFirst(times));
  expect(times[0]).toBe('2026-06-30T12:00:00+0000');
  const { paging } = first.json;
  expect(paging?.next).toMatch(
    new RegExp(`^${sim.url}/v26.0/${PAGE}/conversations\\?access_token=${TOKEN}&`),
  );
  expect(paging?.previous).toBeUndefined();
  const second = await get(sim, paging?.next ?? '');
  expect(second.json.paging?.previous).toContain('before=');
});

test('following next reads every conversation and message once, and previous leads back', async () => {
  const sim = await start();
  const found = await walk(sim, `${EDGE}?limit=7&fields=id,messages.limit(40){id}`);
  expect(found).toHaveLength(60);
  const ids: string[] = [];
  for (const row of found) {
    const rest = row.messages?.paging?.next;
    ids.push(...(row.messages?.data ?? []).map((message) => message.id ?? ''));
    if (rest !== undefined) ids.push(...(await walk(sim, rest)).map((message) => message.id ?? ''));
  }
  const stored = sim.ledger.expected(PAGE).conversations.flatMap((item) => item.messages.map(({ id }) => id));
  expect(ids).toHaveLength(stored.length);
  expect(new Set(ids)).toEqual(new Set(stored));

  const first = await get(sim, `${EDGE}?limit=10`);
  const second = await get(sim, first.json.paging?.next ?? '');
  const back = await get(sim, second.json.paging?.previous ?? '');
  expect(rows(back)).toEqual(rows(first));
});

test('a thread bumped while paging vanishes from below; nothing else is lost or doubled', async () => {
  const sim = await start();
  const before = sim.ledger.expected(PAGE).conversations.map((item) => item.graphId);
  const bumped = before[30] ?? '';
  const found = await walk(sim, `${EDGE}?limit=10`, (page) => {
    if (page === 0) sim.source.addMessage({ conversationId: bumped, text: 'me again' });
  });
  const ids = found.map((row) => row.id);
  expect(ids).toEqual(before.filter((id) => id !== bumped));
  expect(rows(await get(sim, `${EDGE}?limit=1`))[0]?.id).toBe(bumped);
});

test('the row a cursor stands on may be bumped or deleted: the position stays', async () => {
  const sim = await start();
  const before = sim.ledger.expected(PAGE).conversations.map((item) => item.graphId);
  const first = await get(sim, `${EDGE}?limit=10`);
  sim.source.addMessage({ conversationId: before[9] ?? '' });
  sim.source.deleteConversation(before[8] ?? '');
  const second = await get(sim, first.json.paging?.next ?? '');
  expect(rows(second).map((row) => row.id)).toEqual(before.slice(10, 20));
});

test('messages added at the top do not shift a cursor below', async () => {
  const sim = await start();
  const [long] = sim.ledger.expected(PAGE).conversations.filter((item) => item.messages.length > 300);
  const path = `/v26.0/${long?.graphId}/messages?limit=50&fields=id`;
  const found = await walk(sim, path, () => sim.source.addMessage({ conversationId: long?.graphId }));
  expect(found.map((row) => row.id)).toEqual(long?.messages.map((message) => message.id).reverse());
});

test('limits: a maximum cuts silently, zero and words are refused', async () => {
  const sim = await start({ behaviour: { maxLimit: 12 } });
  expect(rows(await get(sim, `${EDGE}?limit=500`))).toHaveLength(12);
  for (const limit of ['0', '-1', 'many']) {
    const refused = await get(sim, `${EDGE}?limit=${limit}`);
    expect([refused.status, refused.json.error?.code]).toEqual([400, 100]);
  }
});

test('since and until do nothing on conversations; user_id, folder and platform filter', async () => {
  const instagram = { conversations: 4, messages: 12 };
  const sim = await start({
    pages: [{ pageId: PAGE, accessToken: TOKEN, conversations: 40, messages: 80, instagram }],
  });
  const plain = await walk(sim, `${EDGE}?limit=40`);
  expect(await walk(sim, `${EDGE}?limit=40&since=1782820000&until=1`)).toEqual(plain);
  expect(plain).toHaveLength(40);
  expect(await walk(sim, `${EDGE}?platform=INSTAGRAM&limit=3`)).toHaveLength(4);
  const { contactId, graphId } = sim.ledger.expected(PAGE).conversations[3] ?? { contactId: '', graphId: '' };
  expect((await walk(sim, `${EDGE}?user_id=${contactId}`)).map((row) => row.id)).toEqual([graphId]);
  sim.source.addConversation({ pageId: PAGE, folder: 'spam' });
  expect(await walk(sim, `${EDGE}?limit=40`)).toHaveLength(40);
  expect(await walk(sim, `${EDGE}?folder=spam`)).toHaveLength(1);
  expect((await get(sim, `${EDGE}?platform=whatsapp`)).json.error?.code).toBe(100);
});

test('unordered mode still pages through everything once', async () => {
  const sim = await start({ behaviour: { unordered: 'both' } });
  const found = await walk(sim, `${EDGE}?limit=9`);
  const times = found.map((row) => row.updated_time ?? '');
  expect(new Set(found.map((row) => row.id)).size).toBe(60);
  expect(times).not.toEqual(newestFirst(times));
  const [long] = sim.ledger.expected(PAGE).conversations.filter((item) => item.messages.length > 300);
  const messages = await walk(sim, `/v26.0/${long?.graphId}/messages?limit=90`);
  expect(new Set(messages.map((row) => row.id)).size).toBe(long?.messages.length);
});

test('a cursor of another edge, or no cursor at all, is refused', async () => {
  const sim = await start();
  const first = await get(sim, `${EDGE}?limit=1&fields=messages.limit(1)`);
  const foreign = rows(first)[0]?.messages?.paging?.cursors?.after ?? '';
  for (const after of [foreign, 'AAAA', btoa('[1,2]')]) {
    const refused = await get(sim, `${EDGE}?after=${encodeURIComponent(after)}`);
    expect([refused.status, refused.json.error?.code]).toEqual([400, 2642]);
  }
});

test('under the detail rule older messages show id and time only, and answer as deleted', async () => {
  const sim = await start({ behaviour: { detailRule: 'all' } });
  const [long] = sim.ledger.expected(PAGE).conversations.filter((item) => item.messages.length > 300);
  const found = await walk(
    sim,
    `/v26.0/${long?.graphId}/messages?limit=100&fields=id,created_time,from,message`,
  );
  expect(found.slice(0, 20).every((row) => row.from !== undefined)).toBe(true);
  expect(found.slice(20).every((row) => Object.keys(row).join() === 'id,created_time')).toBe(true);
  const old = await get(sim, `/v26.0/${found[20]?.id}`);
  expect(old.json.error).toMatchObject({ code: 100, message: expect.stringContaining('deleted') });
  expect((await get(sim, `/v26.0/${found[19]?.id}?fields=message`)).status).toBe(200);
  expect(long?.messages.filter((message) => message.detailed)).toHaveLength(20);
  sim.configure({ detailRule: 'instagram' }, PAGE);
  expect((await get(sim, `/v26.0/${found[20]?.id}`)).status).toBe(200);
});
