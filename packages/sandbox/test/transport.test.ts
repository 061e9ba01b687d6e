import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type Fault, type GraphSimulator, startGraphSimulator } from '../src/index.ts';
import { get, PAGE, type Reply, rows, TOKEN } from './reader.ts';

let sim: GraphSimulator;
let slept: number[];

beforeEach(async () => {
  slept = [];
  const page = { pageId: PAGE, accessToken: TOKEN, conversations: 30, messages: 300 };
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  // A clock that stands still: cursors tell when they were issued, and answers are compared.
  const clock = createManualClock(Date.parse('2026-07-01T00:00:00Z'));
  sim = await startGraphSimulator({ pages: [page], clock, sleep, escapeUnicode: true });
});

afterEach(() => sim.close());

const FIELDS = 'id,participants,messages.limit(10){id,created_time,message}';
const call = (init?: RequestInit): Promise<Reply> =>
  get(sim, `/v26.0/${PAGE}/conversations?fields=${FIELDS}`, init);

async function once(fault: Extract<Fault, { type: 'reset' }>): Promise<unknown> {
  sim.faults.add({ fault, count: 1 });
  return call().then(
    () => 'answered',
    () => 'broken',
  );
}

/** Gives the event loop turns until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('gateways answer HTML', async () => {
  sim.faults.add({ fault: { type: 'html' }, count: 1 });
  sim.faults.add({ fault: { type: 'html', status: 503 }, count: 1, after: 1 });
  const [first, second] = [await call(), await call()];
  expect([first.status, second.status]).toEqual([502, 503]);
  expect(first.headers.get('content-type')).toMatch('text/html');
  expect(first.text).toMatch(/^<!DOCTYPE html>.*<\/html>$/);
});

test('bodies cut short, nearly JSON, or anything at all', async () => {
  const whole = (await call()).text;
  sim.faults.add({ fault: { type: 'truncated-json', share: 0.5 }, count: 1 });
  const cut = (await call()).text;
  expect(cut).toBe(whole.slice(0, cut.length));
  expect(cut.length).toBeLessThan(whole.length * 0.6);
  sim.faults.add({ fault: { type: 'malformed-json' }, count: 1 });
  const malformed = (await call()).text;
  expect(malformed.length).toBeGreaterThan(whole.length);
  expect(() => JSON.parse(malformed)).toThrow(SyntaxError);
  sim.faults.add({ fault: { type: 'raw', status: 200, body: 'false' }, count: 1 });
  expect((await call()).json).toBe(false);
});

test('connections reset before or while answering; the next call is fine', async () => {
  expect(await once({ type: 'reset', when: 'before' })).toBe('broken');
  expect(await once({ type: 'reset', when: 'during' })).toBe('broken');
  expect((await call()).status).toBe(200);
  expect(sim.ledger.calls().map((item) => item.status)).toEqual([null, 200, 200]);
  await until(() => sim.ledger.running === 0);
});

test('a slow body comes in pieces and arrives whole', async () => {
  const whole = rows(await call());
  sim.faults.add({ fault: { type: 'slow-body', ms: 400, chunks: 4 } });
  expect(rows(await call())).toEqual(whole);
  expect(slept).toEqual([100, 100, 100, 100]);
});

test('a call that hangs counts as running until the client gives up', async () => {
  sim.faults.add({ fault: { type: 'hang' } });
  const abort = new AbortController();
  const pending = call({ signal: abort.signal });
  await until(() => sim.ledger.running === 1);
  abort.abort();
  await expect(pending).rejects.toThrow('abort');
  await until(() => sim.ledger.running === 0);
  expect(sim.ledger.calls()[0]).toMatchObject({ status: null, durationMs: expect.any(Number) });
});

test('escaped answers are ASCII, with the same content', async () => {
  const reply = await call();
  expect(reply.text).toMatch(/^[\x20-\x7e]*$/);
  expect(reply.text).toContain('\\/');
  const texts = rows(reply).flatMap((row) =>
    (row.messages?.data ?? []).map((message) => message.message ?? null),
  );
  const stored = sim.ledger.expected(PAGE).conversations.slice(0, 25);
  expect(texts.filter((text) => text !== '' && text !== null)).toEqual(
    stored
      .flatMap((item) =>
        item.messages
          .slice(-10)
          .reverse()
          .map((message) => message.text),
      )
      .filter((text) => text !== null),
  );
});

test('connections are kept alive', async () => {
  expect((await call()).headers.get('connection')).toBe('keep-alive');
});
