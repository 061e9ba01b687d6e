import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ALL_FIELDS } from '@tidemark/sandbox';
import { eventually } from '../support/eventually.ts';
import { startServices, type TestServices } from '../support/engine/backends.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { openScene, type Scene } from '../support/engine/scene.ts';
import { readStoredPage } from '../support/engine/stored-page.ts';
import { eventDifferences, messageDifferences } from '../support/webhooks/compare-with-told.ts';
import { type InboxApi, inboxSettled, startInboxApi } from '../support/webhooks/inbox-api.ts';
import { APP_SECRET, VERIFY_TOKEN } from '../support/webhooks/sign.ts';

/** Where slow answers of the source wait until the test lets them go. They were written before. */
class Gate {
  #held: (() => void)[] = [];
  readonly sleep = (): Promise<void> => new Promise((resolve) => this.#held.push(resolve));

  async holdsOne(): Promise<void> {
    await eventually(() => {
      if (this.#held.length === 0) throw new Error('no answer waits');
    });
  }

  open(): void {
    for (const release of this.#held.splice(0)) release();
  }
}

const gate = new Gate();
let services: TestServices;
let scene: Scene;
let api: InboxApi;
let worker: LocalWorker;

beforeAll(async () => {
  services = await startServices('redis');
  // What is written during the test is newer than what was there, by the clock that dates the source's answers.
  scene = await openScene(services, { source: { newest: Date.now() - 3_600_000, sleep: gate.sleep } });
  api = await startInboxApi(scene.engine.addresses);
  worker = await startLocalWorker(scene.engine.addresses);
});

afterAll(async () => {
  await worker.stop();
  await api.stop();
  await scene.close();
  await services.end();
});

async function connectWebhooks(): Promise<void> {
  const { webhooks } = scene.source;
  const url = `${api.url}/webhooks/messenger`;
  const handshake = await webhooks.connect({ url, verifyToken: VERIFY_TOKEN, appSecret: APP_SECRET });
  expect(handshake).toMatchObject({ verified: true });
}

async function toldAndProcessed(): Promise<void> {
  expect(await scene.source.webhooks.untilIdle({ settled: true })).toBe(true);
  await inboxSettled(scene.engine.db);
}

test('M16 what webhooks tell while an answer is on its way is not overwritten by that answer', async () => {
  const { engine, source } = scene;
  const page = await scene.addPage({ conversations: 3, messages: 12, subscribedFields: ALL_FIELDS });
  await connectWebhooks();
  source.faults.add({
    fault: { type: 'latency', ms: 1 },
    when: { edge: 'conversations', pageId: page.pageId },
    nth: 1,
  });
  const syncId = await engine.startSync(page.connectionId, 'full');
  await gate.holdsOne();
  for (const { graphId, messages } of source.ledger.expected(page.pageId).conversations) {
    const [first] = messages;
    if (first !== undefined) source.source.editMessage(first.id, 'edited meanwhile');
    source.source.addMessage({ conversationId: graphId, text: 'written meanwhile' });
  }
  await toldAndProcessed();
  gate.open();
  await engine.completed(syncId);
  const stored = await readStoredPage(engine.db, page.pageId);
  expect(messageDifferences(source.ledger.expected(page.pageId), stored)).toEqual([]);
  expect(stored.map(({ lastMessage }) => lastMessage)).toEqual(Array(3).fill('written meanwhile'));
});

test('M15 M16 a source that tells everything twice, late and mixed up, while a sync reads the same Page', async () => {
  const { engine, source } = scene;
  const page = await scene.addPage({
    conversations: 40,
    messages: 400,
    subscribedFields: ALL_FIELDS,
    connect: { pageSize: 4, messagesPerConversation: 5 },
  });
  const { webhooks } = source;
  await connectWebhooks();
  webhooks.configure({ duplicates: 0.2, reorder: 0.3, batches: 0.3, editsFirst: 0.7, concurrency: 4 });

  // The first half is told before the last page was read, the second half from then on, whatever the machine's pace.
  const syncId = await engine.startSync(page.connectionId, 'full');
  await engine.reachedPage(syncId, 1);
  await webhooks.run({ events: 120, seed: 1, wave: 10 });
  await engine.completed(syncId);
  await webhooks.run({ events: 120, seed: 2, wave: 40 });
  await toldAndProcessed();

  const events = webhooks.ledger.events({ pageId: page.pageId });
  expect(events.filter((event) => event.outcome !== 'acknowledged')).toEqual([]);
  expect(webhooks.ledger.totals().repeats).toBeGreaterThan(10);
  const stored = await readStoredPage(engine.db, page.pageId);
  expect(messageDifferences(source.ledger.expected(page.pageId), stored)).toEqual([]);
  expect(eventDifferences(events, stored)).toEqual([]);

  // What webhooks cannot tell of a conversation the next sync does, and changes nothing else.
  await engine.completed(await engine.startSync(page.connectionId));
  const after = await readStoredPage(engine.db, page.pageId);
  expect(messageDifferences(source.ledger.expected(page.pageId), after)).toEqual([]);
  expect(eventDifferences(events, after)).toEqual([]);
  expect(after.filter(({ graphId }) => graphId === null)).toEqual([]);
});
