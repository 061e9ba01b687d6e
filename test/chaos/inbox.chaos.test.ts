import { expect, test } from '@jest/globals';
import { openDatabase } from '@tidemark/db';
import { startServices } from '../support/engine/backends.ts';
import { startLocalWorker } from '../support/engine/local-worker.ts';
import { openScene } from '../support/engine/scene.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { inboxSettled, messageTo, startInboxApi, storedTexts } from '../support/webhooks/inbox-api.ts';

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

test('Redis killed: deliveries are taken in at once, and processed when it is back, empty', async () => {
  const services = await startServices('redis');
  const scene = await openScene(services);
  const { db, queues } = scene.engine;
  const api = await startInboxApi(scene.engine.addresses);
  const { pageId } = await scene.addPage({ conversations: 1, messages: 1 });
  const deliver = async (number: number) => {
    expect((await api.deliver(messageTo(pageId, '77', number))).status).toBe(200);
  };
  for (const number of numbers(10)) await deliver(number);
  await eventually(async () => {
    const inbox = (await queues.status()).find(({ queue }) => queue === 'webhook');
    if (inbox?.waiting !== 10) throw new Error(`${inbox?.waiting} wait in the queue`);
  });
  // Only a look into the queue tells that it lost those.
  await db.sql`UPDATE webhook_deliveries SET ring_at = clock_timestamp() + interval '1 hour'`;
  await services.redis?.kill();
  const worker = await startLocalWorker(scene.engine.addresses);
  // More than there may be calls to the queue under way, so that some are left to the check for due deliveries.
  for (const number of numbers(30, 10)) await deliver(number);
  expect(await storedTexts(db, pageId)).toEqual([]);
  await services.redis?.restart();
  await inboxSettled(db);
  expect(await storedTexts(db, pageId)).toEqual(numbers(40).map((number) => `text ${number}`));
  await worker.stop();
  await api.stop();
  await scene.close();
  await services.end();
});

test('PostgreSQL killed: nothing that was acknowledged is missing, and the rest is answered 503', async () => {
  const server = await startPostgresServer();
  const api = await startInboxApi({ databaseUrl: server.url, graphUrl: 'http://unused' });
  const send = async (number: number) => {
    const body = messageTo('1', '77', number);
    const answer = await api.deliver(body);
    await answer.text();
    return { body, status: answer.status, retryAfter: answer.headers.get('retry-after') };
  };
  const before = await Promise.all(numbers(20).map(send));
  expect(new Set(before.map((one) => one.status))).toEqual(new Set([200]));
  const during = Promise.all(numbers(50, 100).map(send));
  await server.kill();
  const refused = await send(200);
  expect(refused).toMatchObject({ status: 503, retryAfter: '2' });
  await server.start();
  const after = await eventually(
    async () => {
      const one = await send(300);
      if (one.status !== 200) throw new Error(`answered ${one.status}`);
      return one;
    },
    { timeoutMs: 30_000 },
  );

  const all = [...before, ...(await during), refused, after];
  expect(all.map((one) => one.status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const db = openDatabase({ url: server.url, max: 1, applicationName: 'observer' });
  const rows = await db.sql<{ body: Buffer }[]>`SELECT body FROM webhook_deliveries`;
  const kept = new Set(rows.map((row) => row.body.toString()));
  expect(all.filter((one) => one.status === 200 && !kept.has(one.body))).toEqual([]);
  await db.close();
  await api.stop();
  await server.stop();
});
