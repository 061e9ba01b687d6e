import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findDueDeliveries } from '@tidemark/db';
import { createInbox, type Inbox } from '../src/inbox/inbox.ts';
import { deliveryOf } from '../../../test/support/webhooks/sign.ts';
import { type Harness, openHarness } from './harness.ts';

let harness: Harness;
let inbox: Inbox;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.db.sql`TRUNCATE webhook_deliveries`;
  harness.queue.jobs.length = 0;
  inbox = createInbox({ db: harness.db, queues: harness.queue, logger: { warn: () => undefined } });
});

/** Hands in so many deliveries in one turn of the loop: they are written as one group. */
async function takeIn(count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, index) => Buffer.from(deliveryOf(String(index), [])));
  await Promise.all(bodies.map((body) => inbox.accept('messenger', body)));
}

describe('the queue is told', () => {
  test('of what a second brings, before the check for due ones looks for them', async () => {
    await takeIn(100);
    expect(harness.queue.jobs).toHaveLength(100);
    // They are due some time later only, should the queue lose them.
    const [row] = await harness.db.sql<{ early: number }[]>`
      SELECT count(*)::int AS early FROM webhook_deliveries WHERE ring_at <= received_at`;
    expect(row?.early).toBe(0);
  });

  test('of a crowd by the check alone, which finds all of it due at once', async () => {
    await takeIn(101);
    expect(harness.queue.jobs).toHaveLength(0);
    expect(await findDueDeliveries(harness.db, 200)).toHaveLength(101);
  });
});
