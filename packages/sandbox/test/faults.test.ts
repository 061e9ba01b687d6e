import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createManualClock,
  type FaultRuleInput,
  type GraphSimulator,
  startGraphSimulator,
} from '../src/index.ts';
import { get, PAGE, type Reply, rows, TOKEN, walk } from './reader.ts';

let sim: GraphSimulator;
let slept: number[];

beforeEach(async () => {
  slept = [];
  const page = { pageId: PAGE, accessToken: TOKEN, conversations: 30, messages: 300 };
  const other = { pageId: '200', accessToken: 'OTHER', conversations: 5 };
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  // A clock that stands still: cursors tell when they were issued, and answers are compared.
  const clock = createManualClock(Date.parse('2026-07-01T00:00:00Z'));
  sim = await startGraphSimulator({ pages: [page, other], clock, sleep });
});

afterEach(() => sim.close());

const EDGE = `/v26.0/${PAGE}/conversations`;
const call = (path = EDGE): Promise<Reply> => get(sim, path);
const fault = (input: FaultRuleInput['fault'], rule: Partial<FaultRuleInput> = {}): string =>
  sim.faults.add({ fault: input, ...rule });

async function codes(calls: number, path = EDGE): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let i = 0; i < calls; i += 1) seen.push((await call(path)).json.error?.code ?? 0);
  return seen;
}

test('rules hit by count, n-th call, every so many, and after so many', async () => {
  fault({ type: 'error', code: 2 }, { count: 2, after: 1 });
  expect(await codes(5)).toEqual([0, 2, 2, 0, 0]);
  sim.faults.clear();
  fault({ type: 'error', code: 1 }, { nth: [1, 4] });
  expect(await codes(5)).toEqual([1, 0, 0, 1, 0]);
  sim.faults.clear();
  fault({ type: 'error', code: 10 }, { every: 2 });
  expect(await codes(5)).toEqual([0, 10, 0, 10, 0]);
});

test('probability draws from the seed: the same calls are hit again', async () => {
  const id = fault({ type: 'error', code: 2 }, { probability: 0.5 });
  const first = await codes(30);
  expect(sim.faults.list()).toMatchObject([
    { id, matched: 30, applied: first.filter((code) => code === 2).length },
  ]);
  expect(new Set(first)).toEqual(new Set([0, 2]));
  sim.faults.clear();
  fault({ type: 'error', code: 2 }, { probability: 0.5 });
  expect(await codes(30)).toEqual(first);
});

test('rules look at page, edge, object, path, cursor, rows wanted', async () => {
  const id = sim.ledger.expected(PAGE).conversations[0]?.graphId;
  fault({ type: 'error', code: 2 }, { when: { pageId: '200' } });
  fault({ type: 'error', code: 10 }, { when: { edge: 'conversation' } });
  fault({ type: 'error', code: 100 }, { when: { path: 'limit=7(&|$)' } });
  fault({ type: 'error', code: 368 }, { when: { cursor: 'later' } });
  fault({ type: 'error', code: 230 }, { when: { minRows: 500 } });
  fault({ type: 'error', code: 803 }, { when: { objectId: `${id}`, edge: 'messages', method: 'get' } });
  const other = await get(sim, `${sim.url}/200/conversations?access_token=OTHER`);
  expect(other.json.error?.code).toBe(2);
  expect(await codes(1, `/${id}`)).toEqual([10]);
  expect(await codes(1, `${EDGE}?limit=7`)).toEqual([100]);
  const first = await call();
  expect(await codes(1, first.json.paging?.next)).toEqual([368]);
  expect(await codes(1, `${EDGE}?limit=50&fields=id,messages.limit(10){id}`)).toEqual([230]);
  expect(await codes(1, `/${id}/messages`)).toEqual([803]);
});

test('an empty page has a next that goes on from the same place, with another cursor', async () => {
  fault({ type: 'empty-page' }, { nth: [1, 3] });
  const empty = await call(`${EDGE}?limit=10`);
  expect(rows(empty)).toEqual([]);
  expect(empty.json.paging?.next).toBeDefined();
  const page = await call(empty.json.paging?.next);
  const again = await call(page.json.paging?.next);
  expect(rows(again)).toEqual([]);
  expect(again.json.paging?.cursors?.after).not.toBe(page.json.paging?.cursors?.after);
  sim.faults.clear();
  const rest = await walk(sim, again.json.paging?.next ?? '');
  const ids = [...rows(page), ...rest].map((row) => row.id);
  expect(ids).toEqual(sim.ledger.expected(PAGE).conversations.map((item) => item.graphId));
});

test('short pages go on, and the walk is complete', async () => {
  fault({ type: 'short-page', rows: 4 });
  expect(rows(await call())).toHaveLength(4);
  expect(await walk(sim, EDGE)).toHaveLength(30);
});

test('missing paging, dangling next, reversed rows', async () => {
  fault({ type: 'missing-paging' }, { count: 1 });
  expect((await call()).json.paging).toBeUndefined();
  fault({ type: 'dangling-next' }, { count: 1 });
  const last = await call(`${EDGE}?limit=30`);
  const after = await call(last.json.paging?.next);
  expect(after.json).toEqual({ data: [] });
  const plain = rows(await call());
  fault({ type: 'reversed-page' }, { count: 1 });
  expect(rows(await call())).toEqual([...plain].reverse());
});

test('stale cursors: refused with 2642 or 100, or silently in the wrong place', async () => {
  const first = await call(`${EDGE}?limit=10`);
  const next = first.json.paging?.next;
  fault({ type: 'stale-cursor', mode: '2642' }, { count: 1, when: { cursor: 'later' } });
  expect(await codes(1, next)).toEqual([2642]);
  fault({ type: 'stale-cursor', mode: '100' }, { count: 1 });
  expect(await codes(1, next)).toEqual([100]);
  fault({ type: 'stale-cursor', mode: 'wrong-position', shift: -10 }, { count: 1 });
  expect(rows(await call(next))).toEqual(rows(first));
  fault({ type: 'stale-cursor', mode: 'wrong-position', shift: 5 }, { count: 1 });
  const ids = sim.ledger.expected(PAGE).conversations.map((item) => item.graphId);
  expect(rows(await call(next)).map((row) => row.id)).toEqual(ids.slice(15, 25));
});

test('cursors may go stale by age or by a change of the data only', async () => {
  fault({ type: 'stale-cursor', mode: '2642', olderThanMs: 60_000 });
  const { next } = (await call(`${EDGE}?limit=10`)).json.paging ?? {};
  expect(await codes(1, next)).toEqual([0]);
  sim.clock.advance(120_000);
  expect(await codes(1, next)).toEqual([2642]);
  sim.faults.clear();
  fault({ type: 'stale-cursor', mode: '100', onlyAfterMutation: true });
  expect(await codes(1, next)).toEqual([0]);
  sim.source.addMessage({ pageId: PAGE });
  expect(await codes(1, next)).toEqual([100]);
});

test('data changes every so many calls, and bumps threads while they are paged', async () => {
  sim.faults.mutateEvery(2, { edge: 'conversations' });
  const before = sim.ledger.expected(PAGE);
  const found = await walk(sim, `${EDGE}?limit=5`);
  const after = sim.ledger.expected(PAGE);
  const grown = sim.ledger.calls().filter((item) => item.faults.includes('mutate')).length;
  expect(grown).toBeGreaterThan(1);
  expect(after.totals.messages - before.totals.messages).toBe(grown);
  expect(new Set(found.map((row) => row.id)).size).toBeLessThanOrEqual(30);
  expect(after.conversations[0]?.graphId).not.toBe(before.conversations[0]?.graphId);
});

test.each(['edit-message', 'delete-message', 'add-conversation', 'delete-conversation'] as const)(
  'a scripted %s changes what the ledger expects',
  async (action) => {
    const before = sim.ledger.expected(PAGE);
    fault({ type: 'mutate', action }, { count: 1 });
    await call();
    expect(sim.ledger.expected(PAGE)).not.toEqual(before);
    expect(sim.ledger.expected(PAGE).deleted).toHaveLength(action === 'delete-conversation' ? 1 : 0);
  },
);

test.each([
  [{ type: 'error', code: 1 }, 500, { code: 1, type: 'OAuthException' }],
  [{ type: 'error', code: 2 }, 500, { code: 2, is_transient: true }],
  [
    { type: 'error', code: 190, subcode: 460 },
    400,
    { error_subcode: 460, message: expect.stringContaining('password') },
  ],
  [{ type: 'error', code: 10 }, 403, { code: 10 }],
  [{ type: 'error', code: 200 }, 403, { code: 200 }],
  [{ type: 'error', code: 104 }, 400, { code: 104 }],
  [{ type: 'error', code: 368 }, 400, { code: 368 }],
  [{ type: 'error', code: 4, status: 400 }, 400, { code: 4, is_transient: true }],
  [
    { type: 'error', code: 77777, message: 'new', userTitle: 'T', userMessage: 'M' },
    400,
    { error_user_msg: 'M' },
  ],
  [{ type: 'reduce-data' }, 500, { code: 1, message: expect.stringMatching(/reduce the amount of data/i) }],
  [
    { type: 'reduce-data', textIn: 'error_user_msg' },
    500,
    { code: 1, error_user_msg: expect.stringMatching(/reduce the amount/i) },
  ],
] as const)('%j answers HTTP %i with its envelope', async (input, status, envelope) => {
  fault(input);
  const reply = await call();
  expect(reply.status).toBe(status);
  expect(reply.json.error).toMatchObject({ ...envelope, fbtrace_id: expect.any(String) });
  expect(sim.ledger.calls()[0]).toMatchObject({
    faults: [input.type],
    status,
    errorCode: reply.json.error?.code,
  });
});

test('the type of an error can be left out', async () => {
  fault({ type: 'reduce-data', omitType: true }, { count: 1 });
  expect((await call()).json.error).not.toHaveProperty('type');
  fault({ type: 'error', code: 1, errorType: null }, { count: 1 });
  expect((await call()).json.error).not.toHaveProperty('type');
});

test('too many rows at once are refused until the client asks for fewer', async () => {
  sim.configure({ maxRows: 200, maxRowsTextIn: 'error_user_msg' });
  const path = (limit: number): string => `${EDGE}?limit=${limit}&fields=id,messages.limit(20){id}`;
  const refused = await call(path(11));
  expect([refused.status, refused.json.error?.error_user_msg]).toEqual([
    500,
    expect.stringContaining('reduce'),
  ]);
  expect((await call(path(10))).status).toBe(200);
});

test('a throttle lasts until its minutes have passed, for its page alone', async () => {
  fault({ type: 'throttle', code: 80006, minutes: 5 }, { count: 1 });
  expect(await codes(2)).toEqual([80006, 80006]);
  const usage = (await call()).headers.get('x-business-use-case-usage') ?? '';
  expect(JSON.parse(usage)).toMatchObject({
    [PAGE]: [{ call_count: 100, estimated_time_to_regain_access: 5 }],
  });
  expect((await get(sim, `${sim.url}/200/conversations?access_token=OTHER`)).status).toBe(200);
  sim.clock.advance(5 * 60_000);
  expect(await codes(1)).toEqual([0]);
});

test('a token may end in the middle of a run, until it is renewed', async () => {
  fault({ type: 'expire-token', subcode: 463 }, { nth: 2 });
  expect(await codes(3)).toEqual([0, 190, 190]);
  sim.source.renewToken(PAGE);
  expect(await codes(1)).toEqual([0]);
});

test('one broken record leaves the rest of its page whole', async () => {
  const fields = 'id,participants,messages.limit(5){id,created_time}';
  const plain = rows(await call(`${EDGE}?fields=${fields}`));
  fault({ type: 'broken-record', row: 2, key: 'participants', value: { data: 'oops' } });
  fault({ type: 'broken-record', row: 4, messageRow: 0, key: 'created_time', value: 'yesterday' });
  fault({ type: 'broken-record', row: 6, key: 'id' });
  const broken = rows(await call(`${EDGE}?fields=${fields}`));
  expect(broken[2]).toEqual({ ...plain[2], participants: { data: 'oops' } });
  expect(broken[4]?.messages?.data?.[0]?.created_time).toBe('yesterday');
  expect(broken[6]).not.toHaveProperty('id');
  for (const row of [0, 1, 3, 5, 7]) {
    expect(broken[row]?.participants).toEqual(plain[row]?.participants);
    expect(broken[row]?.messages?.data).toEqual(plain[row]?.messages?.data);
  }
});

test('headers can be anything', async () => {
  fault({ type: 'headers', headers: { 'x-app-usage': '{invalid:json}', 'retry-after': '120' } });
  const reply = await call();
  expect(reply.headers.get('x-app-usage')).toBe('{invalid:json}');
  expect(reply.headers.get('retry-after')).toBe('120');
});

test('a rule that is none is refused with the place', () => {
  expect(() => sim.faults.add({ fault: { type: 'html', status: 200 } })).toThrow(/status/);
  expect(() => fault({ type: 'hang' }, { when: { path: '(' } })).toThrow(/regular expression/);
});

test('latency is fixed or drawn from the seed, and adds up', async () => {
  sim.setLatency({ ms: 100 });
  fault({ type: 'latency', ms: 20, jitterMs: 10 }, { count: 1 });
  fault({ type: 'slow-headers', ms: 1_000 }, { count: 1 });
  await call();
  await call();
  expect(slept[0]).toBeGreaterThanOrEqual(1_120);
  expect(slept[0]).toBeLessThan(1_130);
  expect(slept[1]).toBe(100);
});
