import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { jobIdOf } from '@tidemark/core/queue';
import type { DeliveryJob } from '@tidemark/db';
import { PAGE_ID } from '../../../../packages/db/test/ops/fixtures.ts';
import { deliveryOf, eventOf } from '../../../../test/support/webhooks/sign.ts';
import { lostDeliveries } from '../../src/services/lost-deliveries.ts';
import { type InboxRig, openInboxRig } from './rig.ts';

let rig: InboxRig;
beforeAll(async () => {
  rig = await openInboxRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.clear());

const idOf = (job: DeliveryJob) => jobIdOf('webhook-delivery', job);

/** Stored ten seconds ago, and the queue was told of them. */
async function told(count: number): Promise<DeliveryJob[]> {
  const bodies = Array.from({ length: count }, (_, index) =>
    deliveryOf(PAGE_ID, [eventOf(PAGE_ID, '7', index, { message: { mid: `m${index}` } })]),
  );
  const jobs = await rig.store(...bodies);
  await rig.db.sql`
    UPDATE webhook_deliveries SET received_at = clock_timestamp() - interval '10 s',
                                  ring_at = clock_timestamp() + interval '20 s'`;
  return jobs;
}

/** A queue that knows these jobs, and how often it was asked. */
function queueOf(jobs: readonly DeliveryJob[]) {
  let asked = 0;
  const whichQueued = () => {
    asked += 1;
    return Promise.resolve(new Set(jobs.map(idOf)));
  };
  return { whichQueued, asked: () => asked };
}

async function round(queue: ReturnType<typeof queueOf>): Promise<Set<string>> {
  await lostDeliveries({ db: rig.db, queues: queue }, () => undefined).runOnce();
  const due = await rig.db.sql<DeliveryJob[]>`
    SELECT id AS "deliveryId", pickup FROM webhook_deliveries WHERE ring_at <= clock_timestamp()`;
  return new Set(due.map(idOf));
}

test('E4 what the queue was told of and does not know any more is due at once, however much it is', async () => {
  const jobs = await told(1_200);
  expect(await round(queueOf([]))).toEqual(new Set(jobs.map(idOf)));
});

test('what the queue knows is left alone, and a long line costs one look', async () => {
  const jobs = await told(1_200);
  const queue = queueOf(jobs);
  expect(await round(queue)).toEqual(new Set());
  expect(queue.asked()).toBe(1);
});

test('only those that are lost are told again', async () => {
  const jobs = await told(3);
  expect(await round(queueOf(jobs.slice(1)))).toEqual(new Set(jobs.slice(0, 1).map(idOf)));
});

test('whoever has yet to tell the queue, waits for the next attempt, or is done, is not taken for lost', async () => {
  const [fresh, failed, done] = await told(3);
  const set = (job: DeliveryJob | undefined, what: Record<string, unknown>) =>
    rig.db.sql`UPDATE webhook_deliveries SET ${rig.db.sql(what)} WHERE id = ${job?.deliveryId ?? ''}`;
  await rig.db
    .sql`UPDATE webhook_deliveries SET received_at = clock_timestamp() WHERE id = ${fresh?.deliveryId ?? ''}`;
  await set(failed, { attempts: 1 });
  await set(done, { status: 'processed' });
  expect(await round(queueOf([]))).toEqual(new Set());
});
