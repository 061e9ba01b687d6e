import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type SimulatorControl, type SpawnedSimulator, spawnSimulator } from '../src/index.ts';
import { PAGE, TOKEN } from './reader.ts';

let simulator: SpawnedSimulator;
let control: SimulatorControl;

beforeAll(async () => {
  const size = ['--conversations', '40', '--messages', '900', '--odd', 'page-only'];
  simulator = await spawnSimulator(['--page-id', PAGE, '--token', TOKEN, ...size]);
  control = simulator.control;
});

afterAll(async () => {
  expect(await simulator.stop()).toBe(0);
});

async function graph(path: string): Promise<{ status: number; code: unknown }> {
  const response = await fetch(`${control.url}${path}${path.includes('?') ? '&' : '?'}access_token=${TOKEN}`);
  const body = (await response.json()) as { error?: { code: number } };
  return { status: response.status, code: body.error?.code ?? null };
}

const EDGE = `/v26.0/${PAGE}/conversations`;

test('the program tells its pages and what a sync must store', async () => {
  const health = await control.health();
  expect(health.pages).toMatchObject([
    { pageId: PAGE, accessToken: TOKEN, conversations: 40, messages: 900 },
  ]);
  const expected = await control.expected(PAGE);
  expect(expected.totals).toMatchObject({ sourceConversations: 40, sourceMessages: 900, conversations: 39 });
  expect(expected.conversations).toHaveLength(39);
  expect(expected.odd).toMatchObject([{ kind: 'page-only', outcome: 'quarantined' }]);
  expect((await control.expected(PAGE, { totalsOnly: true })).conversations).toEqual([]);
});

test('calls and windows can be read from outside', async () => {
  await control.resetLedger();
  for (let i = 0; i < 3; i += 1) await graph(EDGE);
  await graph(`/v26.0/${PAGE}`);
  expect(await control.calls({ edge: 'conversations' })).toHaveLength(3);
  expect(await control.calls({ since: 3 })).toMatchObject([{ seq: 4, edge: 'page' }]);
  const facts = { max: 3, calls: 3, maxRunning: 1, total: 4, dropped: 0, maxConcurrent: 1, running: 0 };
  expect(await control.window(600_000, { pageId: PAGE, edge: 'conversations' })).toEqual(facts);
});

test('faults are set, listed and taken away', async () => {
  const [id] = await control.addFaults(
    { fault: { type: 'error', code: 2 }, count: 1 },
    { fault: { type: 'error', code: 10 }, nth: 2 },
  );
  expect((await graph(EDGE)).code).toBe(2);
  expect((await graph(EDGE)).code).toBe(10);
  expect(await control.listFaults()).toMatchObject([{ id, matched: 2, applied: 1 }, { applied: 1 }]);
  await control.removeFaults(id);
  expect(await control.listFaults()).toHaveLength(1);
  await control.removeFaults();
  expect(await control.listFaults()).toEqual([]);
});

test('data is changed from outside', async () => {
  const added = await control.mutate({ action: 'add-conversation', pageId: PAGE, contactName: 'Ada' });
  const { conversationId } = added;
  const message = await control.mutate({
    action: 'add-message',
    conversationId,
    text: 'x \ud83d',
    fromPage: true,
  });
  const messageId = message.messageId ?? '';
  expect((await control.expected(PAGE)).conversations[0]).toMatchObject({
    graphId: conversationId,
    contactName: 'Ada',
    messages: [{}, { id: messageId, text: 'x \ud83d', fromPage: true }],
  });
  await control.mutate({ action: 'edit-message', messageId, text: 'y' });
  expect((await control.expected(PAGE)).conversations[0]?.messages[1]?.text).toBe('y');
  await control.mutate({ action: 'delete-message', messageId });
  await control.mutate({ action: 'delete-conversation', conversationId });
  expect(await control.expected(PAGE)).toMatchObject({
    deleted: [conversationId],
    totals: { sourceMessages: 900 },
  });
});

test('pages, tokens, behaviour, budgets, latency and the clock', async () => {
  const totals = await control.addPage({ pageId: '300', accessToken: 'T3', conversations: 4, messages: 20 });
  expect(totals).toMatchObject({ conversations: 4, messages: 20 });
  await control.removePage('300');
  await control.token({ action: 'expire', pageId: PAGE, subcode: 467 });
  expect((await graph(EDGE)).code).toBe(190);
  await control.token({ action: 'renew', pageId: PAGE });
  await control.configure({ maxRows: 10 }, PAGE);
  expect(await graph(EDGE)).toEqual({ status: 500, code: 1 });
  await control.configure({ maxRows: null }, PAGE);
  await control.setUsage({ messenger: { calls: 1, windowMs: 60_000 } });
  await graph(EDGE);
  expect((await graph(EDGE)).code).toBe(80006);
  const before = (await control.health()).now;
  expect(await control.advanceClock(60_000)).toBeGreaterThanOrEqual(before + 60_000);
  expect((await graph(EDGE)).status).toBe(200);
  await control.setUsage({});
  await control.setLatency({ ms: 1 });
  expect((await control.health()).latency).toEqual({ ms: 1 });
  await control.setLatency({ ms: 0 });
  await control.addFaults({ fault: { type: 'hang' } });
  await control.reset();
  expect(await control.listFaults()).toEqual([]);
  expect(await control.calls()).toEqual([]);
});

test('what cannot be done is refused with the reason', async () => {
  const unknown = control.mutate({ action: 'delete-conversation', conversationId: 't_0' });
  await expect(unknown).rejects.toMatchObject({ status: 404, message: 'no conversation t_0' });
  await expect(control.expected('nobody')).rejects.toMatchObject({ status: 404 });
  const twice = control.addPage({ pageId: PAGE, conversations: 1 });
  await expect(twice).rejects.toMatchObject({ status: 409, message: expect.stringContaining('exists') });
  const impossible = control.addPage({ pageId: '4', conversations: 1, longThreads: 2 });
  await expect(impossible).rejects.toMatchObject({ status: 400 });
  expect((await control.health()).pages).toHaveLength(1);
});

test('bodies are validated, routes are named', async () => {
  const send = async (method: string, path: string, body?: string): Promise<[number, string]> => {
    const response = await fetch(
      `${control.url}/_sim/${path}`,
      body === undefined ? { method } : { method, body },
    );
    return [response.status, await response.text()];
  };
  const [status, text] = await send('POST', 'faults', '{"fault":{"type":"empty-page"},"cuont":1}');
  expect([status, text]).toEqual([400, expect.stringContaining('cuont')]);
  expect((await send('POST', 'faults', '{'))[0]).toBe(400);
  expect((await send('POST', 'clock', '{"advanceMs":"1"}'))[1]).toContain('advanceMs');
  expect((await send('GET', 'ledger/window'))[1]).toContain('ms');
  expect(await send('GET', 'nothing')).toEqual([404, expect.stringContaining('GET /_sim/health')]);
});

test('bad arguments end the program with the reason', async () => {
  await expect(spawnSimulator(['--conversations', 'many'])).rejects.toThrow(/conversations/);
  await expect(spawnSimulator(['--odd', 'no-such-kind'])).rejects.toThrow(/page-only/);
  await expect(spawnSimulator(['--colour', 'red'])).rejects.toThrow(/colour/);
});

test('the program ends when whoever started it is gone', async () => {
  const orphan = await spawnSimulator(['--conversations', '1', '--pages', '2']);
  expect((await orphan.control.health()).pages.map((page) => page.pageId)).toEqual([PAGE, '100000000000002']);
  const exited = once(orphan.process, 'exit');
  orphan.process.stdin?.end();
  expect(await exited).toEqual([0, null]);
});
