import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type GraphSimulator, startGraphSimulator } from '../src/index.ts';
import { AnswerCache } from '../src/graph/answer-cache.ts';
import { get, PAGE, rows, TOKEN } from './reader.ts';

let sim: GraphSimulator;

beforeEach(async () => {
  const page = { pageId: PAGE, accessToken: TOKEN, conversations: 30, messages: 300 };
  sim = await startGraphSimulator({ pages: [page], cacheMegabytes: 1 });
});

afterEach(() => sim.close());

const PATH = `/v26.0/${PAGE}/conversations?fields=id,messages.limit(3){message}`;

test('a repeated call gets the same bytes and is booked the same', async () => {
  const first = await get(sim, PATH);
  const second = await get(sim, PATH);
  expect(second.text).toBe(first.text);
  const [one, two] = sim.ledger.calls();
  expect([two?.rows, two?.messages]).toEqual([one?.rows, one?.messages]);
  expect(two?.messages).toBeGreaterThan(25);
});

test('changed data and changed behaviour are seen at once', async () => {
  await get(sim, PATH);
  const { id } = sim.source.addConversation({ pageId: PAGE });
  expect(rows(await get(sim, PATH))[0]?.id).toBe(id);
  sim.configure({ maxLimit: 3 });
  expect(rows(await get(sim, PATH))).toHaveLength(3);
  sim.configure({ maxLimit: 4 }, PAGE);
  expect(rows(await get(sim, PATH))).toHaveLength(4);
});

test('faults reach calls that were cached, and are not cached themselves', async () => {
  const plain = await get(sim, PATH);
  sim.faults.add({ fault: { type: 'short-page', rows: 1 } });
  expect(rows(await get(sim, PATH))).toHaveLength(1);
  sim.faults.clear();
  expect((await get(sim, PATH)).text).toBe(plain.text);
  sim.source.expireToken(PAGE);
  expect((await get(sim, PATH)).json.error?.code).toBe(190);
});

test('the oldest answers make room', () => {
  const page = sim.source.page(PAGE);
  const cache = new AnswerCache(10);
  const answer = { body: Buffer.alloc(4), rows: 1, messages: 0 };
  for (const key of ['a', 'b', 'c']) cache.set(key, page, answer);
  expect(['a', 'b', 'c'].map((key) => cache.get(key, page) !== null)).toEqual([false, true, true]);
  cache.set('large', page, { ...answer, body: Buffer.alloc(11) });
  expect(cache.get('large', page)).toBeNull();
});
