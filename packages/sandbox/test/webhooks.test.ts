import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  ALL_FIELDS,
  createManualClock,
  type GraphSimulator,
  type GraphSimulatorOptions,
  startGraphSimulator,
  type TrafficAction,
  USUAL_MIX,
} from '../src/index.ts';
import { get, PAGE, rows, walk } from './reader.ts';
import { type Item, Receiver } from './webhook-receiver.ts';

const START = Date.parse('2026-07-01T08:00:00Z');
const OTHER_PAGE = '200000000000002';

let receiver: Receiver;
const open: GraphSimulator[] = [];

beforeEach(async () => {
  receiver = new Receiver();
  await receiver.listen();
});

afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close();
  await receiver.close();
});

async function start(
  fields: readonly string[] = ALL_FIELDS,
  options: GraphSimulatorOptions = {},
): Promise<GraphSimulator> {
  const shape = { conversations: 12, messages: 60, subscribedFields: fields };
  const sim = await startGraphSimulator({
    clock: createManualClock(START),
    pages: [
      { pageId: PAGE, accessToken: 'TOKEN-1', ...shape },
      { pageId: OTHER_PAGE, ...shape },
    ],
    ...options,
  });
  open.push(sim);
  return sim;
}

async function connected(
  fields?: readonly string[],
  options?: GraphSimulatorOptions,
): Promise<GraphSimulator> {
  const sim = await start(fields, options);
  expect(await sim.webhooks.connect(receiver.callback)).toEqual({
    verified: true,
    status: 200,
    problem: null,
  });
  return sim;
}

/** Every text of each message, as received: the message and its edits. */
function textsByMessage(items: readonly Item[]): Map<string, Set<string | undefined>> {
  const texts = new Map<string, Set<string | undefined>>();
  for (const { message, message_edit: edit } of items) {
    const told = message ?? edit;
    if (told !== undefined) texts.set(told.mid, (texts.get(told.mid) ?? new Set()).add(told.text));
  }
  return texts;
}

test('nothing is sent to a receiver that does not answer the challenge', async () => {
  const sim = await start();
  const wrong = await sim.webhooks.connect({ ...receiver.callback, verifyToken: 'another' });
  expect(wrong).toEqual({ verified: false, status: 403, problem: 'answered 403' });
  const nobody = await sim.webhooks.connect({ ...receiver.callback, url: 'http://127.0.0.1:1/' });
  expect(nobody).toMatchObject({ verified: false, status: null });
  sim.source.addMessage({ pageId: PAGE });
  expect(sim.webhooks.status()).toMatchObject({ idle: true, callback: null });
  expect(() => sim.webhooks.run({ events: 1 })).toThrow('no receiver');
});

test('bodies are ASCII, and signed in lower-case hex over exactly their bytes', async () => {
  const sim = await connected();
  sim.source.addMessage({ pageId: PAGE, text: 'Größe \ud83d\ude00 \u0000 https://x/', fromPage: false });
  expect(await sim.webhooks.untilIdle()).toBe(true);
  const [delivery] = receiver.received;
  expect(delivery?.text).toContain('Gr\\u00f6\\u00dfe \\ud83d\\ude00 \\u0000 https:\\/\\/x\\/');
  expect(delivery?.text).toMatch(/^[\x20-\x7e]*$/);
  expect(delivery?.signed).toBe(true);
  expect(delivery?.headers).toMatchObject({
    'x-hub-signature-256': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
    'x-hub-signature': expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
    'content-type': 'application/json',
  });
});

test('what webhooks tell and what the edges answer is one truth', async () => {
  const sim = await connected();
  const before = new Set(idsOf(sim, PAGE));
  await sim.webhooks.run({ events: 300, seed: 3, pageIds: [PAGE] });
  expect(await sim.webhooks.untilIdle()).toBe(true);
  const told = textsByMessage(receiver.items);
  const { conversations } = sim.ledger.expected(PAGE);
  const added = conversations.flatMap((item) => item.messages.map((message) => ({ item, message })));
  for (const { item, message } of added) {
    if (before.has(message.id)) continue;
    expect([...(told.get(message.id) ?? [])]).toContain(message.text ?? undefined);
    const event = receiver.items.find(({ message: body }) => body?.mid === message.id);
    const contact = message.fromPage ? event?.recipient.id : event?.sender?.id;
    expect(contact).toBe(item.contactId);
    expect(Math.floor((event?.timestamp ?? 0) / 1000) * 1000).toBe(Date.parse(message.createdTime));
    expect(event?.message?.is_echo ?? false).toBe(message.fromPage);
  }
  // And nothing is told that is not there.
  for (const mid of told.keys()) expect(sim.source.message(mid)).not.toBeNull();
  const edge = await walk(sim, `/v26.0/${PAGE}/conversations?limit=50`);
  expect(edge).toHaveLength(conversations.length);
  const { totals } = { totals: sim.webhooks.ledger.totals() };
  expect(totals.events).toEqual({ acknowledged: 300, waiting: 0, 'given-up': 0, 'not-subscribed': 0 });
});

function idsOf(sim: GraphSimulator, pageId: string): string[] {
  return sim.ledger
    .expected(pageId)
    .conversations.flatMap((item) => item.messages.map((message) => message.id));
}

test.each(Object.keys(USUAL_MIX) as TrafficAction[])('traffic of the kind %s is told', async (action) => {
  const sim = await connected();
  await sim.webhooks.run({ events: 4, mix: { [action]: 1 }, pageIds: [PAGE] });
  await sim.webhooks.untilIdle();
  const shapes: Record<TrafficAction, object> = {
    message: { message: { mid: expect.any(String), text: expect.any(String) } },
    echo: { sender: { id: PAGE }, message: { is_echo: true, app_id: expect.any(Number) } },
    attachment: { message: { attachments: [expect.objectContaining({ type: expect.any(String) })] } },
    sticker: { message: { attachments: [{ type: 'sticker', payload: expect.any(Object) }] } },
    'quick-reply': { message: { quick_reply: { payload: expect.any(String) } } },
    reply: { message: { reply_to: { mid: expect.any(String), is_self_reply: false } } },
    'new-contact': { message: { mid: expect.any(String) } },
    edit: { message_edit: { mid: expect.any(String), num_edit: expect.any(Number) } },
    'edit-new': { message_edit: { num_edit: 1 } },
    reaction: { reaction: { action: 'react', mid: expect.any(String), emoji: expect.any(String) } },
    // Nothing was liked yet, so there is nothing to take back: the page writes what can be liked.
    unreact: { message: { is_echo: true } },
    read: { read: { watermark: expect.any(Number) } },
    delivery: { delivery: { watermark: expect.any(Number) } },
    postback: { postback: { mid: expect.any(String), payload: expect.any(String) } },
    referral: { referral: { ref: expect.any(String), source: 'SHORTLINK' } },
    optin: { optin: { type: 'notification_messages' } },
    standby: { message: { mid: expect.any(String) } },
    handover: { take_thread_control: expect.any(Object) },
    policy: { policy_enforcement: { action: 'warning', reason: expect.any(String) } },
    unknown: { customer_mood: { score: expect.any(Number) } },
  };
  expect(receiver.items).toEqual(expect.arrayContaining([expect.objectContaining(loosely(shapes[action]))]));
  const standby = receiver.received.flatMap(({ body }) => body.entry).filter((entry) => entry.standby);
  expect(standby.length > 0).toBe(action === 'standby');
});

function loosely(shape: object): Record<string, unknown> {
  const parts = Object.entries(shape).map(([key, value]) => [
    key,
    typeof value === 'object' && value !== null && !('asymmetricMatch' in value)
      ? expect.objectContaining(value)
      : value,
  ]);
  return Object.fromEntries(parts);
}

test('reactions are in the data too, and can be taken back', async () => {
  const sim = await connected();
  const { id } = sim.source.addMessage({ pageId: PAGE, fromPage: true });
  sim.source.react(id, 'love');
  expect((await get(sim, `/v26.0/${id}?fields=reactions`)).json).toMatchObject({
    reactions: { data: [{ reaction: 'love' }] },
  });
  sim.source.react(id, null);
  expect((await get(sim, `/v26.0/${id}?fields=reactions`)).json).toEqual({ id });
  await sim.webhooks.untilIdle();
  const told = receiver.items.flatMap(({ reaction }) => (reaction === undefined ? [] : [reaction]));
  expect(told).toMatchObject([
    { mid: id, action: 'react', reaction: 'love' },
    { mid: id, action: 'unreact' },
  ]);
});

test('a page is told of the fields it is subscribed to, as subscribed_apps says', async () => {
  const sim = await connected(['messages']);
  sim.source.addMessage({ pageId: PAGE, fromPage: true });
  const { id } = sim.source.addMessage({ pageId: PAGE, fromPage: false });
  sim.source.editMessage(id, 'changed');
  await sim.webhooks.untilIdle();
  expect(sim.webhooks.ledger.events()).toMatchObject([
    { kind: 'echo', outcome: 'not-subscribed' },
    { kind: 'message', outcome: 'acknowledged', messageId: id },
    { kind: 'edit', outcome: 'not-subscribed' },
  ]);
  const path = `/v26.0/${PAGE}/subscribed_apps`;
  await get(sim, path, { method: 'POST', body: new URLSearchParams({ subscribed_fields: 'message_edits' }) });
  sim.source.editMessage(id, 'changed again');
  await sim.webhooks.untilIdle();
  expect(receiver.items.at(-1)).toMatchObject({
    message_edit: { mid: id, text: 'changed again', num_edit: 2 },
  });
  await get(sim, path, { method: 'DELETE' });
  sim.source.editMessage(id, 'changed for nobody');
  expect(sim.webhooks.ledger.totals().events['not-subscribed']).toBe(3);
});

test('contacts without an id and threads on Instagram are told nothing of; long numeric ids keep every digit', async () => {
  const sim = await startGraphSimulator({
    pages: [
      {
        pageId: PAGE,
        conversations: 8,
        odd: ['page-only', 'deleted-account', 'huge-numeric-id'],
        instagram: { conversations: 1, messages: 1 },
        subscribedFields: ALL_FIELDS,
      },
    ],
  });
  open.push(sim);
  await sim.webhooks.connect(receiver.callback);
  for (const { id, oddity, platform } of sim.source.page(PAGE).conversations.slice()) {
    if (oddity !== null || platform === 'instagram')
      sim.source.addMessage({ conversationId: id, fromPage: false });
  }
  await sim.webhooks.untilIdle();
  expect(receiver.received).toHaveLength(1);
  const contact = sim.source.page(PAGE).conversations.find((item) => item.oddity === 'huge-numeric-id');
  expect(receiver.received[0]?.text).toContain(`{"sender":{"id":${contact?.contactId}}`);
});

async function bodiesOf(seed: number): Promise<string[]> {
  const sim = await connected();
  sim.webhooks.configure({ duplicates: 0.3, reorder: 0.3, batches: 0.3, editsFirst: 1 });
  const from = receiver.received.length;
  await sim.webhooks.run({ events: 120, seed });
  await sim.webhooks.untilIdle();
  return receiver.received.slice(from).map((delivery) => delivery.text);
}

test('the same seed gives the same bodies in the same order, another one does not', async () => {
  const [first, second, third] = [await bodiesOf(1), await bodiesOf(1), await bodiesOf(2)];
  expect(second).toEqual(first);
  expect(third).not.toEqual(first);
});

test('in disorder: duplicates, batches over entries and pages, other orders, edits before their messages', async () => {
  const sim = await connected();
  sim.webhooks.configure({ duplicates: 0.4, reorder: 0.3, batches: 0.4, maxBatch: 6, editsFirst: 1 });
  await sim.webhooks.run({ events: 400, seed: 5 });
  await sim.webhooks.untilIdle();
  const { deliveries, events } = {
    deliveries: sim.webhooks.ledger.deliveries(),
    events: sim.webhooks.ledger.events(),
  };
  expect(deliveries.every((delivery) => delivery.outcome === 'acknowledged')).toBe(true);
  expect(events.every((event) => event.acknowledgements >= 1)).toBe(true);
  const repeated = deliveries.filter((delivery) => delivery.repeats);
  const texts = receiver.received.map((delivery) => delivery.text);
  expect(repeated.length).toBeGreaterThan(20);
  // Some come again byte for byte, some in another envelope.
  const verbatim = texts.length - new Set(texts).size;
  expect(verbatim).toBeGreaterThan(0);
  expect(verbatim).toBeLessThan(repeated.length);
  const bodies = receiver.received.map((delivery) => delivery.body);
  expect(bodies.some(({ entry }) => new Set(entry.map(({ id }) => id)).size > 1)).toBe(true);
  expect(bodies.some(({ entry }) => entry.some(({ messaging = [] }) => messaging.length > 1))).toBe(true);
  const order = deliveries.flatMap((delivery) => delivery.events);
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
  const early = receiver.items.findIndex(
    ({ message_edit: edit }, index) =>
      edit !== undefined && receiver.items.findIndex(({ message }) => message?.mid === edit.mid) > index,
  );
  expect(early).toBeGreaterThan(-1);
});

test('a failed delivery is tried again at once, then after longer and longer waits of the clock', async () => {
  const sim = await connected();
  receiver.answer = () => 503;
  sim.source.addMessage({ pageId: PAGE });
  expect(await sim.webhooks.untilIdle()).toBe(true);
  expect(receiver.received).toHaveLength(4);
  const waits: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const wait = (sim.webhooks.status().nextDueAt ?? 0) - sim.clock.now();
    waits.push(wait);
    sim.clock.advance(wait - 1);
    await sim.webhooks.untilIdle();
    expect(receiver.received).toHaveLength(4 + i);
    sim.clock.advance(1);
    await sim.webhooks.untilIdle();
  }
  expect(waits).toEqual([60_000, 120_000, 240_000]);
  receiver.answer = () => 200;
  expect(await sim.webhooks.untilIdle({ settled: true, timeoutMs: 0 })).toBe(false);
  sim.clock.advance(480_000);
  expect(await sim.webhooks.untilIdle({ settled: true })).toBe(true);
  const [delivery] = sim.webhooks.ledger.deliveries();
  expect(delivery?.attempts.map(({ status }) => status)).toEqual([...Array(7).fill(503), 200]);
  expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
  expect(sim.webhooks.ledger.totals()).toMatchObject({ attempts: 8, failedAttempts: 7 });
});

test('no answer in time is a failure, though the delivery has arrived', async () => {
  const sim = await connected();
  sim.webhooks.configure({ timeoutMs: 100, immediateRetries: 100_000 });
  receiver.answer = () => (receiver.received.length === 1 ? null : 200);
  sim.source.addMessage({ pageId: PAGE });
  expect(await sim.webhooks.untilIdle({ settled: true })).toBe(true);
  const [delivery] = sim.webhooks.ledger.deliveries();
  expect(delivery?.attempts[0]).toMatchObject({ status: null, failure: 'timeout' });
  expect(delivery?.outcome).toBe('acknowledged');
});

test('after 15 minutes of failures there is an alert, after an hour the page is unsubscribed', async () => {
  const sim = await connected();
  const { ledger } = sim.webhooks;
  receiver.answer = ({ text }) => (text.includes(`"id":"${PAGE}","time"`) ? 500 : 200);
  sim.source.addMessage({ pageId: PAGE });
  sim.source.addMessage({ pageId: OTHER_PAGE });
  await sim.webhooks.untilIdle();
  const path = `/v26.0/${PAGE}/subscribed_apps`;
  sim.clock.advance(15 * 60_000);
  await sim.webhooks.untilIdle();
  expect(ledger.alerts()).toMatchObject([{ kind: 'failing', pageId: PAGE }]);
  expect(rows(await get(sim, path))).toHaveLength(1);
  sim.clock.advance(45 * 60_000);
  await sim.webhooks.untilIdle({ settled: true });
  expect(ledger.alerts().at(-1)).toMatchObject({ kind: 'unsubscribed', pageId: PAGE });
  expect(rows(await get(sim, path))).toEqual([]);
  sim.source.addMessage({ pageId: PAGE });
  sim.source.addMessage({ pageId: OTHER_PAGE });
  receiver.answer = () => 200;
  await get(sim, path, {
    method: 'POST',
    body: new URLSearchParams({ subscribed_fields: ALL_FIELDS.join() }),
  });
  sim.source.addMessage({ pageId: PAGE });
  await sim.webhooks.untilIdle({ settled: true });
  const outcomes = (pageId: string): string[] => ledger.events({ pageId }).map((event) => event.outcome);
  expect(outcomes(PAGE)).toEqual(['given-up', 'not-subscribed', 'acknowledged']);
  expect(outcomes(OTHER_PAGE)).toEqual(['acknowledged', 'acknowledged']);
});

test('one success within the hour keeps the subscription', async () => {
  const sim = await connected();
  receiver.answer = () => 500;
  sim.source.addMessage({ pageId: PAGE });
  await sim.webhooks.untilIdle();
  sim.clock.advance(50 * 60_000);
  await sim.webhooks.untilIdle();
  receiver.answer = () => 200;
  sim.clock.advance(60_000);
  sim.source.addMessage({ pageId: PAGE });
  await sim.webhooks.untilIdle();
  receiver.answer = () => 500;
  sim.clock.advance(30 * 60_000);
  await sim.webhooks.untilIdle();
  expect(rows(await get(sim, `/v26.0/${PAGE}/subscribed_apps`))).toHaveLength(1);
});

test('a delivery is given up after 36 hours, where nobody unsubscribes the page', async () => {
  const sim = await connected();
  sim.webhooks.configure({ disableAfterMs: Number.MAX_SAFE_INTEGER });
  receiver.answer = () => 500;
  sim.source.addMessage({ pageId: PAGE });
  await sim.webhooks.untilIdle();
  sim.clock.advance(35 * 3_600_000);
  await sim.webhooks.untilIdle();
  expect(sim.webhooks.ledger.totals().events.waiting).toBe(1);
  sim.clock.advance(3_600_000);
  await sim.webhooks.untilIdle({ settled: true });
  expect(sim.webhooks.ledger.totals().events['given-up']).toBe(1);
  sim.reset();
  expect(sim.webhooks.ledger.events()).toEqual([]);
});
