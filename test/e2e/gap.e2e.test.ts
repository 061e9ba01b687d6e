import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getConnectionState } from '@tidemark/db';
import { ALL_FIELDS } from '@tidemark/sandbox';
import { startServices, type TestServices } from '../support/engine/backends.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { openScene, type Scene, type StagedPage } from '../support/engine/scene.ts';
import { eventually } from '../support/eventually.ts';
import { type FallibleReceiver, startFallibleReceiver } from '../support/webhooks/fallible-receiver.ts';
import { type InboxApi, startInboxApi } from '../support/webhooks/inbox-api.ts';
import { APP_SECRET, VERIFY_TOKEN } from '../support/webhooks/sign.ts';

const MINUTE_MS = 60_000;

let services: TestServices;
let scene: Scene;
let api: InboxApi;
let receiver: FallibleReceiver;
const workers: LocalWorker[] = [];

beforeAll(async () => {
  services = await startServices('redis');
  scene = await openScene(services, { source: { newest: Date.now() - 60 * MINUTE_MS } });
  api = await startInboxApi(scene.engine.addresses);
  receiver = await startFallibleReceiver(api.url);
  const handshake = await scene.source.webhooks.connect({
    url: receiver.url,
    verifyToken: VERIFY_TOKEN,
    appSecret: APP_SECRET,
  });
  expect(handshake).toMatchObject({ verified: true });
  const variables = { META_APP_SECRET: APP_SECRET };
  for (let count = 0; count < 2; count += 1) {
    workers.push(await startLocalWorker(scene.engine.addresses, { variables }));
  }
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await receiver.stop();
  await api.stop();
  await scene.close();
  await services.end();
});

/** A Page that tells everything, read whole, and looked at once. */
async function watchedPage(): Promise<StagedPage> {
  const page = await scene.addPage({ conversations: 3, messages: 9, subscribedFields: ALL_FIELDS });
  await scene.engine.completed(await scene.engine.startSync(page.connectionId));
  await checkNow(page);
  expect(await subscriptionOf(page)).toMatchObject({ subscribedSince: expect.any(String), lostAt: null });
  return page;
}

async function subscriptionOf({ connectionId }: StagedPage) {
  return (await getConnectionState(scene.engine.db, connectionId)).subscription;
}

/** Lets the next check be due, and waits until a worker has carried it out. */
async function checkNow(page: StagedPage): Promise<void> {
  const { db } = scene.engine;
  const before = (await subscriptionOf(page))?.checkedAt ?? null;
  await db.sql`UPDATE webhook_subscriptions SET check_at = now() WHERE connection_id = ${page.connectionId}`;
  await eventually(async () => {
    const checkedAt = (await subscriptionOf(page))?.checkedAt ?? null;
    if (checkedAt === before) throw new Error('not checked yet');
  });
}

function addMessage({ pageId }: StagedPage, text: string): string {
  const graphId = scene.source.ledger.expected(pageId).conversations[0]?.graphId;
  if (graphId === undefined) throw new Error('the Page has no conversation');
  return scene.source.source.addMessage({ conversationId: graphId, text }).id;
}

async function stored(messageId: string): Promise<boolean> {
  const rows = await scene.engine.db
    .sql`SELECT 1 FROM contact_interaction_events WHERE message_id = ${messageId}`;
  return rows.length === 1;
}

async function gapSyncs({ connectionId }: StagedPage) {
  const rows = await scene.engine.db.sql<{ id: string; mode: string }[]>`
    SELECT id, mode FROM syncs WHERE connection_id = ${connectionId} AND trigger = 'gap' ORDER BY id`;
  return [...rows];
}

function seen(name: 'subscription.lost' | 'subscription.renewed' | 'gap.syncStarted', page: StagedPage) {
  return workers.flatMap((worker) =>
    worker.seen(name).filter((event) => event.connectionId === page.connectionId),
  );
}

function passTime(minutes: number): void {
  scene.source.clock.advance(minutes * MINUTE_MS);
  scene.source.webhooks.wake();
}

test('M26 a Page that was unsubscribed after an hour of failures is renewed, and one sync brings what it did not tell', async () => {
  const page = await watchedPage();
  receiver.isDown = true;
  const refused = addMessage(page, 'refused');
  await eventually(() => {
    if (scene.source.webhooks.ledger.totals().failedAttempts === 0) throw new Error('nothing failed yet');
  });
  await eventually(() => {
    passTime(20);
    const isUnsubscribed = scene.source.webhooks.ledger
      .alerts()
      .some((alert) => alert.kind === 'unsubscribed' && alert.pageId === page.pageId);
    if (!isUnsubscribed) throw new Error('still subscribed');
  });
  receiver.isDown = false;
  const untold = addMessage(page, 'told nobody');

  await checkNow(page);
  const [sync, ...others] = await gapSyncs(page);
  expect(others).toEqual([]);
  expect(sync?.mode).toBe('incremental');
  await scene.engine.completed(sync?.id ?? '');
  expect(await stored(refused)).toBe(true);
  expect(await stored(untold)).toBe(true);
  expect(await scene.differencesOf(page.pageId)).toEqual([]);
  expect(await subscriptionOf(page)).toMatchObject({
    subscribedSince: expect.any(String),
    lostAt: expect.any(String),
    lastGapSyncId: sync?.id,
    lastGapReason: 'unsubscribed',
    error: null,
  });

  // It tells again, and later checks find nothing to do.
  const delivered = receiver.delivered;
  const told = addMessage(page, 'told again');
  await eventually(async () => {
    if (!(await stored(told))) throw new Error('not stored yet');
  });
  expect(receiver.delivered).toBeGreaterThan(delivered);
  for (let check = 0; check < 2; check += 1) await checkNow(page);
  expect(await gapSyncs(page)).toHaveLength(1);
  expect(seen('subscription.lost', page)).toHaveLength(1);
  expect(seen('subscription.renewed', page)).toHaveLength(1);
  expect(seen('gap.syncStarted', page)).toMatchObject([{ syncId: sync?.id, reason: 'unsubscribed' }]);
});

test('M26 a Page that is subscribed but silent is read when it has news, once, and left alone when it has none', async () => {
  const page = await watchedPage();
  const { db } = scene.engine;
  const longQuiet = () => db.sql`
    UPDATE webhook_subscriptions SET subscribed_since = now() - interval '1 h', last_event_at = NULL
    WHERE connection_id = ${page.connectionId}`;
  await longQuiet();
  await checkNow(page);
  expect(await gapSyncs(page)).toEqual([]);

  receiver.isDown = true;
  const missed = addMessage(page, 'missed');
  passTime(6);
  await longQuiet();
  await checkNow(page);
  const [sync] = await gapSyncs(page);
  await scene.engine.completed(sync?.id ?? '');
  expect(await stored(missed)).toBe(true);
  await longQuiet();
  await checkNow(page);
  expect(await gapSyncs(page)).toHaveLength(1);
  expect(seen('gap.syncStarted', page)).toMatchObject([{ reason: 'silence' }]);
  expect(seen('subscription.lost', page)).toEqual([]);
  receiver.isDown = false;
});

test('M26 a Page that never told is subscribed by itself; one that is not to be is left alone', async () => {
  const page = await scene.addPage({ conversations: 1, messages: 1 });
  const other = await scene.addPage({ conversations: 1, messages: 1 });
  await scene.engine.db.sql`
    UPDATE connections SET config = config || '{"webhooks": false}' WHERE id = ${other.connectionId}`;
  await eventually(async () => {
    if ((await subscriptionOf(page))?.subscribedSince == null) throw new Error('not subscribed yet');
  });
  const fields = scene.source.source.page(page.pageId).subscribedApps;
  expect([...fields.values()].flat()).toEqual(expect.arrayContaining(['messages', 'message_edits']));
  expect(seen('subscription.lost', page)).toEqual([]);
  expect(await gapSyncs(page)).toEqual([]);
});
