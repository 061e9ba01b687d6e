import { afterEach, expect, test } from '@jest/globals';
import {
  createManualClock,
  type GraphSimulator,
  type SimClock,
  startGraphSimulator,
  type UsageConfig,
} from '../src/index.ts';
import { get, PAGE, type Reply, TOKEN } from './reader.ts';

const open: GraphSimulator[] = [];
afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close();
});

const HOUR = 3_600_000;

async function start(usage: UsageConfig): Promise<{ sim: GraphSimulator; clock: SimClock }> {
  const clock = createManualClock(Date.parse('2026-07-01T00:00:00Z'));
  const pages = [
    { pageId: PAGE, accessToken: TOKEN, conversations: 30 },
    { pageId: '200', accessToken: 'OTHER', conversations: 3 },
  ];
  const sim = await startGraphSimulator({ clock, usage, pages });
  open.push(sim);
  return { sim, clock };
}

const call = (sim: GraphSimulator): Promise<Reply> => get(sim, `/v26.0/${PAGE}/conversations?limit=20`);
const other = (sim: GraphSimulator): Promise<Reply> =>
  get(sim, `${sim.url}/200/conversations?access_token=OTHER`);

function header(reply: Reply, name: string): unknown {
  const text = reply.headers.get(name);
  return text === null ? null : JSON.parse(text);
}

test('without budgets no header appears', async () => {
  const { sim } = await start({});
  const reply = await call(sim);
  expect([...reply.headers.keys()].filter((name) => name.includes('usage'))).toEqual([]);
});

test('the messenger budget is reported in percent, refused at 100, and regained when its minutes are over', async () => {
  const { sim, clock } = await start({ messenger: { calls: 4, windowMs: HOUR, regainMinutes: 19 } });
  const shares: unknown[] = [];
  for (let i = 0; i < 4; i += 1) shares.push(header(await call(sim), 'x-business-use-case-usage'));
  const entry = { type: 'messenger', total_cputime: 0, total_time: 0 };
  expect(shares[0]).toEqual({ [PAGE]: [{ ...entry, call_count: 25, estimated_time_to_regain_access: 0 }] });
  expect(shares[3]).toEqual({ [PAGE]: [{ ...entry, call_count: 100, estimated_time_to_regain_access: 19 }] });
  clock.advance(18.5 * 60_000);
  const refused = await call(sim);
  expect([refused.status, refused.json.error?.code]).toEqual([400, 80006]);
  expect(header(refused, 'x-business-use-case-usage')).toMatchObject({
    [PAGE]: [{ estimated_time_to_regain_access: 1 }],
  });
  expect((await other(sim)).status).toBe(200);
  clock.advance(30_000);
  expect((await call(sim)).status).toBe(200);
});

test('CPU time may trip while calls are few', async () => {
  const cost = { cpuMsPerCall: 0, cpuMsPerRow: 10, timeFactor: 1 };
  const { sim } = await start({ pages: { calls: 100, cpuMs: 400, windowMs: HOUR }, cost });
  const first = await call(sim);
  expect(header(first, 'x-business-use-case-usage')).toMatchObject({
    [PAGE]: [{ type: 'pages', call_count: 1, total_cputime: 50 }],
  });
  await call(sim);
  expect((await call(sim)).json.error?.code).toBe(80001);
});

test('spending leaves the window after its length', async () => {
  const { sim, clock } = await start({ page: { calls: 10, windowMs: HOUR } });
  await call(sim);
  clock.advance(HOUR / 2);
  expect(header(await call(sim), 'x-page-usage')).toMatchObject({ call_count: 20 });
  clock.advance(HOUR / 2 + 1);
  expect(header(await call(sim), 'x-page-usage')).toMatchObject({ call_count: 20 });
});

test.each([
  ['app', 4, 403],
  ['user', 17, 400],
  ['page', 32, 403],
  ['custom', 613, 400],
  ['pages', 80001, 400],
  ['messenger', 80006, 400],
] as const)('the %s budget refuses with error %i under HTTP %i', async (kind, code, status) => {
  const { sim, clock } = await start({ [kind]: { calls: 1, windowMs: 1_000 } });
  expect((await call(sim)).status).toBe(200);
  const refused = await call(sim);
  expect([refused.status, refused.json.error?.code]).toEqual([status, code]);
  clock.advance(1_000);
  expect((await call(sim)).status).toBe(200);
});

test("the app's budget is shared by the pages", async () => {
  const { sim } = await start({ app: { calls: 2, windowMs: HOUR } });
  expect(header(await call(sim), 'x-app-usage')).toMatchObject({ call_count: 50 });
  await other(sim);
  expect((await call(sim)).json.error?.code).toBe(4);
});

test('headers appear only after enough calls', async () => {
  const { sim } = await start({ app: { calls: 100, windowMs: HOUR }, headersAfterCalls: 3 });
  const seen: boolean[] = [];
  for (let i = 0; i < 4; i += 1) seen.push((await call(sim)).headers.has('x-app-usage'));
  expect(seen).toEqual([false, false, true, true]);
});

test('cooperative mode reports and never refuses; the ledger tells who went over', async () => {
  const { sim } = await start({ messenger: { calls: 2, windowMs: HOUR }, cooperative: true });
  for (let i = 0; i < 3; i += 1) expect((await call(sim)).status).toBe(200);
  expect(sim.ledger.calls().map((item) => item.usage)).toEqual([0, 50, 100]);
  sim.setUsage({});
  await call(sim);
  expect(sim.ledger.calls().at(-1)?.usage).toBe(0);
});
