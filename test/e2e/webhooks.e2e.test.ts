import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiClient, apiClient } from '../support/engine/api-client.ts';
import { BACKENDS, startServices } from '../support/engine/backends.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { openScene, type Scene } from '../support/engine/scene.ts';
import {
  type InboxApi,
  inboxSettled,
  messageTo,
  startInboxApi,
  storedTexts,
} from '../support/webhooks/inbox-api.ts';
import { deliveryOf, eventOf } from '../support/webhooks/sign.ts';

/** An engine with its API and a worker. */
interface Rig extends Scene {
  api: InboxApi;
  worker: LocalWorker;
  client: ApiClient;
}

async function openRig(backend: (typeof BACKENDS)[number]): Promise<Rig> {
  const services = await startServices(backend);
  const scene = await openScene(services);
  const api = await startInboxApi(scene.engine.addresses);
  const worker = await startLocalWorker(scene.engine.addresses);
  const close = async () => {
    await worker.stop();
    await api.stop();
    await scene.close();
    await services.end();
  };
  return { ...scene, api, worker, client: apiClient(api.url), close };
}

describe.each(BACKENDS)('deliveries over HTTP, with the queue on %s', (backend) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig(backend);
  });
  afterAll(() => rig.close());

  test('many at once, some twice, end in the rows of their Page', async () => {
    const { pageId } = await rig.addPage({ conversations: 1, messages: 1 });
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    const bodies = [...numbers, ...numbers].map((number) => messageTo(pageId, '77', number));
    const answers = await Promise.all(bodies.map((body) => rig.api.deliver(body)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    await inboxSettled(rig.engine.db);
    expect(await storedTexts(rig.engine.db, pageId)).toEqual(numbers.map((number) => `text ${number}`));
    const written = rig.worker.seen('conversation.notified').map((event) => event.eventsWritten);
    expect(written).toEqual(numbers.map(() => 1));
  });

  test('what came for a Page without a connection is stored once it has one', async () => {
    const pageId = '299999999999999';
    await rig.api.deliver(messageTo(pageId, '78', 1));
    await rig.api.deliver(messageTo(pageId, '78', 2));
    await inboxSettled(rig.engine.db);
    const list = await rig.client.call('GET', '/v1/webhook-deliveries?status=unclaimed');
    expect(list.body.data).toHaveLength(2);
    await rig.engine.connect({ pageId, accessToken: 'EAAB' });
    await inboxSettled(rig.engine.db);
    expect(await storedTexts(rig.engine.db, pageId)).toEqual(['text 1', 'text 2']);
  });

  test('a sync of the Page leaves what is newer than it alone, and meets the webhook in the same rows', async () => {
    const page = await rig.addPage({ conversations: 3, messages: 9 });
    const { db } = rig.engine;
    const [seeded] = rig.source.ledger.expected(page.pageId).conversations;
    const known = seeded?.messages[0];
    if (seeded === undefined || known === undefined) throw new Error('the Page has no message');
    // An edit of tomorrow, which no answer of today can know of, before its message was ever read.
    const tomorrow = Date.now() + 86_400_000;
    const edit = { message_edit: { mid: known.id, text: 'edited tomorrow', num_edit: 1 } };
    await rig.api.deliver(deliveryOf(page.pageId, [eventOf(page.pageId, seeded.contactId, tomorrow, edit)]));
    await inboxSettled(db);
    for (const mode of ['full', 'full'] as const) {
      await rig.engine.completed(await rig.engine.startSync(page.connectionId, mode));
      const rows = await db.sql`
        SELECT e.text FROM contact_interaction_events e JOIN messenger_conversations c ON c.id = e.conversation_id
        WHERE c.page_id = ${page.pageId} AND c.sender_id = ${seeded.contactId} AND e.message_id = ${known.id}`;
      expect([...rows]).toEqual([{ text: 'edited tomorrow' }]);
    }
    const [count] =
      await db.sql`SELECT count(*)::int AS count FROM messenger_conversations WHERE page_id = ${page.pageId}`;
    expect(count).toEqual({ count: 3 });
  });
});
