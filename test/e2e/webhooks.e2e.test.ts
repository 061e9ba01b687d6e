import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, type RunningApi, startApi } from '@tidemark/api';
import { ADMIN_KEY, type ApiClient, apiClient } from '../support/engine/api-client.ts';
import { BACKENDS, startServices, type TestServices } from '../support/engine/backends.ts';
import { openScene, type Scene } from '../support/engine/scene.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { engineEnvironment, engineKeyring, engineVariables } from '../support/engine/settings.ts';
import { eventually } from '../support/eventually.ts';
import { APP_SECRET, deliveryOf, eventOf, signed } from '../support/webhooks/sign.ts';

/** An engine with its API and a worker. */
interface Rig extends Scene {
  services: TestServices;
  api: RunningApi;
  worker: LocalWorker;
  client: ApiClient;
}

async function openRig(backend: (typeof BACKENDS)[number]): Promise<Rig> {
  const services = await startServices(backend);
  const scene = await openScene(services);
  const { addresses } = scene.engine;
  const variables = { PORT: '0', TIDEMARK_ADMIN_KEY: ADMIN_KEY, META_APP_SECRET: APP_SECRET };
  const api = await startApi({
    environment: engineEnvironment(engineVariables(addresses, variables)),
    databaseUrl: services.databaseUrl,
    keyring: engineKeyring(),
    logger: createLogger('silent'),
  });
  const worker = await startLocalWorker(addresses);
  const close = async () => {
    await worker.stop();
    await api.stop();
    await scene.close();
    await services.end();
  };
  return { ...scene, services, api, worker, client: apiClient(api.url), close };
}

async function deliver(rig: Rig, body: string): Promise<number> {
  const answer = await fetch(`${rig.api.url}/webhooks/messenger`, {
    method: 'POST',
    body,
    headers: signed(body),
  });
  return answer.status;
}

/** Waits until nothing in the inbox is to be processed. */
async function settled(rig: Rig): Promise<void> {
  await eventually(
    async () => {
      const waiting = await rig.engine.db.sql`SELECT id FROM webhook_deliveries WHERE status = 'received'`;
      if (waiting.length > 0) throw new Error(`${waiting.length} deliveries wait`);
    },
    { timeoutMs: 30_000 },
  );
}

const messageOf = (pageId: string, contact: string, number: number) =>
  deliveryOf(pageId, [
    eventOf(pageId, contact, 1_772_998_000_000 + number, {
      message: { mid: `m_${contact}_${number}`, text: `text ${number}` },
    }),
  ]);

async function storedTexts(rig: Rig, pageId: string): Promise<string[]> {
  const rows = await rig.engine.db.sql<{ text: string }[]>`
    SELECT e.text FROM contact_interaction_events e JOIN messenger_conversations c ON c.id = e.conversation_id
    WHERE c.page_id = ${pageId} ORDER BY e.event_timestamp`;
  return rows.map((row) => row.text);
}

describe.each(BACKENDS)('deliveries over HTTP, with the queue on %s', (backend) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig(backend);
  });
  afterAll(() => rig.close());

  test('a delivery ends in the rows of its Page', async () => {
    const { pageId } = await rig.addPage({ conversations: 1, messages: 1 });
    expect(await deliver(rig, messageOf(pageId, '77', 1))).toBe(200);
    await settled(rig);
    expect(await storedTexts(rig, pageId)).toEqual(['text 1']);
    expect(rig.worker.seen('delivery.processed').at(-1)).toMatchObject({
      status: 'processed',
      eventsWritten: 1,
    });
    expect(rig.worker.seen('conversation.notified').at(-1)).toMatchObject({
      version: 1,
      isNew: true,
      eventsWritten: 1,
    });
  });

  test('what came for a Page without a connection is stored once it has one', async () => {
    const pageId = '299999999999999';
    expect(await deliver(rig, messageOf(pageId, '78', 1))).toBe(200);
    expect(await deliver(rig, messageOf(pageId, '78', 2))).toBe(200);
    await settled(rig);
    const list = await rig.client.call('GET', '/v1/webhook-deliveries?status=unclaimed');
    expect(list.body.data).toHaveLength(2);
    await rig.engine.connect({ pageId, accessToken: 'EAAB' });
    await settled(rig);
    expect(await storedTexts(rig, pageId)).toEqual(['text 1', 'text 2']);
  });
});
