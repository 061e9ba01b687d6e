import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ALL_FIELDS, type SpawnedSimulator, spawnSimulator } from '../src/index.ts';
import { Receiver } from './webhook-receiver.ts';

const PAGE = '300000000000003';
const receiver = new Receiver();
let simulator: SpawnedSimulator;

beforeAll(async () => {
  await receiver.listen();
  simulator = await spawnSimulator(['--pages', '0']);
  await simulator.control.addPage({ pageId: PAGE, conversations: 5, subscribedFields: ALL_FIELDS });
});

afterAll(async () => {
  await simulator.stop();
  await receiver.close();
});

test('traffic is refused before there is a receiver', async () => {
  const refused = simulator.control.startTraffic({ events: 1 });
  await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining('receiver') });
});

test('a receiver is connected, traffic runs, and the ledger tells the end of it', async () => {
  const { control } = simulator;
  expect(await control.connectWebhooks({ ...receiver.callback, verifyToken: 'x' })).toMatchObject({
    status: 403,
  });
  expect(await control.connectWebhooks(receiver.callback)).toMatchObject({ verified: true });
  await control.configureWebhooks({ duplicates: 0.2, batches: 0.2, concurrency: 4 });
  let refusals = 3;
  receiver.answer = () => (refusals-- > 0 ? 503 : 200);
  await control.startTraffic({ events: 60, seed: 'a', wave: 10, everyMs: 1 });
  expect(await control.webhooksIdle({ settled: true })).toBe(true);
  const facts = await control.webhooks({ pageId: PAGE });
  expect(facts.status).toMatchObject({ idle: true, delayed: 0, callback: receiver.callback.url });
  expect(facts.totals).toMatchObject({ events: { acknowledged: 60 }, failedAttempts: 3 });
  expect(facts.events).toHaveLength(60);
  expect(facts.totals.attempts).toBe(receiver.received.length);
  expect(facts.deliveries.flatMap((delivery) => delivery.attempts)).toHaveLength(receiver.received.length);
  expect(facts.alerts).toEqual([]);
});

test('a change made by hand is told, and the clock moves retries', async () => {
  const { control } = simulator;
  await control.reset();
  receiver.answer = () => 500;
  await control.mutate({ action: 'add-message', pageId: PAGE, text: 'by hand' });
  expect(await control.webhooksIdle()).toBe(true);
  expect((await control.webhooks()).totals.events.waiting).toBe(1);
  expect(await control.webhooksIdle({ settled: true, timeoutMs: 1 })).toBe(false);
  receiver.answer = () => 200;
  await control.advanceClock(60_000);
  expect(await control.webhooksIdle({ settled: true })).toBe(true);
  expect((await control.webhooks()).totals.events).toMatchObject({ waiting: 0, acknowledged: 1 });
});

test('settings and mixes are validated', async () => {
  const { control } = simulator;
  await expect(control.configureWebhooks({ duplicates: 2 })).rejects.toMatchObject({ status: 400 });
  await expect(control.startTraffic({ events: 1, mix: {} })).rejects.toMatchObject({ status: 400 });
  await expect(control.startTraffic({ events: 1, pageIds: ['0'] })).rejects.toMatchObject({ status: 404 });
});
