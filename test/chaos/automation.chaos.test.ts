import { expect, test } from '@jest/globals';
import { DELIVERY_CRASH_POINTS } from '@tidemark/core/crash';
import { addRule, firings, subscribe, tags, toldEvents } from '../../packages/db/test/ops/automation.ts';
import { startServices } from '../support/engine/backends.ts';
import { openScene } from '../support/engine/scene.ts';
import { QUICK_RECOVERY } from '../support/engine/settings.ts';
import { startWorkerProcess } from '../support/engine/worker-process.ts';
import { type Program, startProgram } from '../support/processes.ts';
import { inboxSettled, messageTo, startInboxApi } from '../support/webhooks/inbox-api.ts';

test('M19 a worker killed between any two steps: each rule fires once for each message, and is told once', async () => {
  const services = await startServices('redis');
  const scene = await openScene(services);
  const api = await startInboxApi(scene.engine.addresses);
  const { db, addresses } = scene.engine;
  const { pageId } = await scene.addPage({ conversations: 1, messages: 1 });
  await addRule(db, [{ type: 'add_tag', tag: 'waiting', automatic: true }]);
  await addRule(db, [{ type: 'notify', message: 'look' }]);
  await subscribe(db, ['message.received', 'automation.notified']);

  const workers: Program[] = [];
  for (const [index, point] of DELIVERY_CRASH_POINTS.entries()) {
    expect((await api.deliver(messageTo(pageId, '77', index))).status).toBe(200);
    const plan = { signal: 'SIGKILL' as const, at: { point, seq: 0 } };
    const worker = await startWorkerProcess(startProgram, addresses, { plan, variables: QUICK_RECOVERY });
    workers.push(worker);
    expect({ point, ...(await worker.waitForExit()) }).toEqual({ point, code: null, signal: 'SIGKILL' });
  }
  // The queue would miss a killed worker after half a minute. It is made to lose everything, which is noticed at once.
  await services.redis?.flush();
  await db.sql`UPDATE webhook_deliveries SET ring_at = clock_timestamp() WHERE status = 'received'`;
  workers.push(await startWorkerProcess(startProgram, addresses, { variables: QUICK_RECOVERY }));
  await inboxSettled(db);

  const messages = DELIVERY_CRASH_POINTS.map((_, index) => `m_77_${index}`);
  expect(await firings(db)).toEqual(
    messages.flatMap((message) => [`add_tag waiting for ${message}`, `notify for ${message}`]),
  );
  expect(await tags(db)).toEqual(['waiting (automatic)']);
  const told = messages.flatMap((_, index) => ['automation.notified look', `message.received text ${index}`]);
  const inOrder = (events: readonly string[]) => events.toSorted((a, b) => a.localeCompare(b));
  expect(inOrder(await toldEvents(db))).toEqual(inOrder(told));

  for (const worker of workers) await worker.kill();
  await api.stop();
  await scene.close();
  await services.end();
});
