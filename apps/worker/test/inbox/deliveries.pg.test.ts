import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WebhookReader } from '@tidemark/core/connector';
import { readingOf } from '@tidemark/core/validation';
import {
  clearIdempotencyKeys,
  clearInbox,
  type Database,
  openDatabase,
  readValidation,
  replayWebhookDelivery,
} from '@tidemark/db';
import { inconsistentConversations, PAGE_ID } from '../../../../packages/db/test/ops/fixtures.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { deliveryOf, eventOf } from '../../../../test/support/webhooks/sign.ts';
import { DELIVERY_ATTEMPTS_MAX } from '../../src/jobs/webhook-delivery.ts';
import { deliveryCheck } from '../../src/services/delivery-check.ts';
import { HELD_POOL, type InboxRig, openInboxRig } from './rig.ts';

let rig: InboxRig;
beforeAll(async () => {
  rig = await openInboxRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.clear());

const AT = 1_772_998_044_000;
const textTo = (pageId: string, mid: string, contact = '7') =>
  deliveryOf(pageId, [eventOf(pageId, contact, AT, { message: { mid, text: `text ${mid}` } })]);

/** One delivery for two Pages. */
const textToBoth = (one: string, other: string) => {
  const entry = (id: string) => ({
    id,
    time: AT,
    messaging: [eventOf(id, '7', AT, { message: { mid: `m ${id}`, text: id } })],
  });
  return JSON.stringify({ object: 'page', entry: [entry(one), entry(other)] });
};

async function stored(): Promise<{ page: string; text: string; version: number }[]> {
  const rows = await rig.db.sql<{ page: string; text: string; version: number }[]>`
    SELECT c.page_id AS page, e.text, c.version FROM contact_interaction_events e
    JOIN messenger_conversations c ON c.id = e.conversation_id ORDER BY c.page_id, e.message_id`;
  return rows.map((row) => ({ ...row }));
}

async function only(...bodies: string[]) {
  const [job] = await rig.store(...bodies);
  if (job === undefined) throw new Error('it was stored before');
  return job;
}

/** Waits until a session of this database waits for a lock of that kind. */
async function waiterFor(kind: 'advisory' | 'transactionid'): Promise<void> {
  await eventually(async () => {
    const rows = await rig.db.sql`
      SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = ${kind}`;
    if (rows.length === 0) throw new Error(`nobody waits for ${kind}`);
  });
}

/** Holds what `take` locks, until it is called. */
async function hold(take: (sql: Database['sql']) => Promise<unknown>): Promise<() => Promise<void>> {
  const db = openDatabase({ url: rig.url, max: 1, applicationName: 'holder' });
  await db.sql.unsafe('BEGIN');
  await take(db.sql);
  return async () => {
    await db.sql.unsafe('COMMIT');
    await db.close();
  };
}

describe('processing', () => {
  test('yields the conversation, its version, whether it was new, and how many events were written', async () => {
    const before = rig.seen('conversation.notified').length;
    await rig.deliver(textTo(PAGE_ID, 'a'));
    await rig.deliver(textTo(PAGE_ID, 'b'));
    const [first, second] = rig.seen('conversation.notified').slice(before);
    expect(first).toMatchObject({
      connectionId: rig.connectionId,
      version: 1,
      isNew: true,
      eventsWritten: 1,
    });
    expect(second).toEqual({ ...first, deliveryId: second?.deliveryId, version: 2, isNew: false });
  });

  test('a job that runs many times, also at once, has its effect once', async () => {
    const job = await only(textTo(PAGE_ID, 'once'));
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => rig.run(job)));
    expect(outcomes).toEqual(Array.from({ length: 10 }, () => ({ kind: 'done' })));
    expect(await rig.run(job)).toEqual({ kind: 'done' });
    expect(await stored()).toEqual([{ page: PAGE_ID, text: 'text once', version: 1 }]);
    expect(
      rig.seen('delivery.processed').filter((event) => event.deliveryId === job.deliveryId),
    ).toHaveLength(1);
  });

  test('E27 what the schemas saw is counted once, of the Pages that are connected, and adds up with the delivery', async () => {
    const good = eventOf(PAGE_ID, '7', AT, { message: { mid: 'm', text: 'good' } });
    const body = JSON.stringify({
      object: 'page',
      entry: [
        {
          id: PAGE_ID,
          time: AT,
          messaging: [good, { ...good, timestamp: String(AT) }, { ...good, sender: null }],
        },
        { id: '404', time: AT, messaging: [eventOf('404', '7', AT, { message: { mid: 'n' } })] },
      ],
    });
    const job = await only(body);
    await Promise.all(Array.from({ length: 5 }, () => rig.run(job)));
    const { counts } = await rig.delivery(job.deliveryId);
    expect(counts).toMatchObject({ events: 3, quarantined: 1 });
    const { schemas } = await readValidation(rig.db, {
      connectionId: rig.connectionId,
      since: '2000-01-01',
      until: '2999-01-01',
    });
    expect(schemas).toEqual([
      readingOf('record', 'webhook-events', [[], ['/timestamp']], 1),
      readingOf('response', 'webhook-events', [[]]),
    ]);
  });

  test('a bad event is quarantined with its reason, and the good one beside it is stored', async () => {
    const good = eventOf(PAGE_ID, '7', AT, { message: { mid: 'good', text: 'good' } });
    const bad = { ...good, sender: null, message: { mid: 'bad', text: '\u0000\ud800' } };
    const job = await only(deliveryOf(PAGE_ID, [bad, good]));
    await rig.run(job);
    expect(await stored()).toMatchObject([{ text: 'good' }]);
    expect(await rig.delivery(job.deliveryId)).toMatchObject({
      status: 'processed',
      counts: { events: 2, written: 1, quarantined: 1, ignored: {} },
    });
    const [kept] = await rig.db
      .sql`SELECT stream, external_id, reason, raw_original IS NOT NULL AS exact FROM quarantine`;
    expect(kept).toEqual({
      stream: 'webhook-events',
      external_id: 'bad',
      reason: 'The event does not tell who sent it.',
      exact: true,
    });
  });

  test('what is not ours is kept, counted, and stored nowhere else', async () => {
    const body = JSON.stringify({
      object: 'instagram',
      entry: [{ id: PAGE_ID, messaging: [{ '\u0000': 1 }] }],
    });
    const job = await only(body);
    await rig.run(job);
    expect(await rig.delivery(job.deliveryId)).toMatchObject({
      status: 'ignored',
      counts: { ignored: { instagram: 1 } },
    });
    expect(await stored()).toEqual([]);
  });

  test('the count of a conversation is that of its rows after many deliveries at once', async () => {
    const contacts = Array.from({ length: 10 }, (_, index) => String(100 + index));
    const bodies = contacts.flatMap((contact) =>
      Array.from({ length: 12 }, (_, index) =>
        deliveryOf(PAGE_ID, [
          eventOf(PAGE_ID, contact, AT + index, { message: { mid: `${contact} ${index}`, text: 'x' } }),
          eventOf(PAGE_ID, contact, AT + index, {
            message: { mid: `${contact} ${(index + 1) % 12}`, text: 'y' },
          }),
        ]),
      ),
    );
    const jobs = await rig.store(...bodies);
    await Promise.all(jobs.map((job) => rig.run(job)));
    expect(await inconsistentConversations(rig.db)).toEqual([]);
    const counts = await rig.db.sql`SELECT DISTINCT message_count AS count FROM messenger_conversations`;
    expect([...counts]).toEqual([{ count: 12 }]);
  });
});

describe('Pages without a connection', () => {
  test('the part of a Page that has one is stored, the other waits for its own, and neither is stored twice', async () => {
    const job = await only(textToBoth(PAGE_ID, '2001'));
    await rig.run(job);
    expect(await rig.delivery(job.deliveryId)).toMatchObject({ status: 'unclaimed', waiting: ['2001'] });
    expect(await stored()).toEqual([{ page: PAGE_ID, text: PAGE_ID, version: 1 }]);

    const counted = rig.seen('conversation.notified').length;
    await rig.connect('2001');
    await rig.run({ ...job, pickup: 1 });
    expect(await rig.delivery(job.deliveryId)).toMatchObject({
      status: 'processed',
      waiting: [],
      accounts: [PAGE_ID, '2001'],
      counts: { events: 2, written: 2 },
    });
    expect(await stored()).toMatchObject([{ page: PAGE_ID }, { page: '2001' }]);
    // The first Page's conversation was not handled again: nothing that follows from it happens twice.
    expect(rig.seen('conversation.notified').slice(counted)).toHaveLength(1);
  });

  test('a connection that is being made while its delivery is processed is found', async () => {
    await rig.db
      .sql`INSERT INTO limit_pools (pool, max_calls, per_seconds) VALUES (${HELD_POOL}, 1, 1) ON CONFLICT DO NOTHING`;
    const release = await hold((sql) => sql`SELECT 1 FROM limit_pools WHERE pool = ${HELD_POOL} FOR UPDATE`);
    const connecting = rig.connect('2002');
    await waiterFor('transactionid');
    const job = await only(textTo('2002', 'a'));
    const running = rig.run(job);
    await waiterFor('advisory');
    await release();
    await Promise.all([connecting, running]);
    expect(await rig.delivery(job.deliveryId)).toMatchObject({ status: 'processed', pickup: 0 });
    expect(await stored()).toMatchObject([{ page: '2002' }]);
  });

  test('a connection that is made after its delivery found none, and before that is committed, wakes it', async () => {
    await rig.deliver(textTo(PAGE_ID, 'first'));
    const release = await hold(
      (sql) => sql`SELECT 1 FROM messenger_conversations WHERE page_id = ${PAGE_ID} FOR UPDATE`,
    );
    const job = await only(textToBoth(PAGE_ID, '2003'));
    const running = rig.run(job);
    await waiterFor('transactionid');
    const connecting = rig.connect('2003');
    await waiterFor('advisory');
    await release();
    await Promise.all([connecting, running]);
    expect(await rig.delivery(job.deliveryId)).toMatchObject({
      status: 'received',
      pickup: 1,
      waiting: ['2003'],
    });
  });
});

describe('what fails', () => {
  const broken: WebhookReader = {
    read: () => {
      throw new Error('a bug \u0000');
    },
  };

  function withBrokenReader() {
    const messenger = rig.deps.connectors.get('messenger');
    if (messenger === undefined) throw new Error('there is no messenger connector');
    return { ...rig.deps, connectors: new Map([['messenger', { ...messenger, webhook: broken }]]) };
  }

  test('is tried again with growing waits, then set aside as a dead letter, and replayed by a person', async () => {
    const job = await only(textTo(PAGE_ID, 'dead'));
    const waits: number[] = [];
    for (let attempt = 1; attempt < DELIVERY_ATTEMPTS_MAX; attempt += 1) {
      const outcome = await rig.run(job, withBrokenReader());
      waits.push(outcome.kind === 'retry' ? outcome.delayMs : 0);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(await rig.run(job, withBrokenReader())).toMatchObject({ kind: 'fail' });
    expect(await rig.delivery(job.deliveryId)).toMatchObject({
      status: 'dead',
      attempts: DELIVERY_ATTEMPTS_MAX,
      error: 'a bug \uFFFD',
    });
    expect(await rig.run(job)).toEqual({ kind: 'done' });
    expect(await stored()).toEqual([]);

    const [tenant] = await rig.db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
    const again = await replayWebhookDelivery(
      rig.db,
      { tenantId: tenant?.id ?? '', isAdmin: true },
      job.deliveryId,
    );
    expect(again).toEqual({ ...job, pickup: 1 });
    await rig.run({ ...job, pickup: 1 });
    expect(await rig.delivery(job.deliveryId)).toMatchObject({
      status: 'processed',
      attempts: 0,
      error: null,
    });
    expect(await stored()).toMatchObject([{ text: 'text dead' }]);
  });

  test('PostgreSQL being away costs no attempt', async () => {
    const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, applicationName: 'away' });
    const job = await only(textTo(PAGE_ID, 'away'));
    expect(await rig.run(job, { ...rig.deps, db: away })).toMatchObject({ kind: 'wait' });
    await away.close();
    expect(await rig.delivery(job.deliveryId)).toMatchObject({ status: 'received', attempts: 0 });
  });
});

describe('what the queue was not told of', () => {
  test('is found when it is due, told once, and again only much later', async () => {
    const told: string[] = [];
    const queues = {
      addMany: (jobs: readonly { payload: unknown }[]) => {
        told.push(...jobs.map((job) => JSON.stringify(job.payload)));
        return Promise.resolve();
      },
    };
    const check = deliveryCheck({ ...rig.deps, queues }, () => undefined);
    const jobs = await rig.store(
      ...Array.from({ length: 700 }, (_, index) => textTo(PAGE_ID, String(index))),
    );
    await check.runOnce();
    expect(told).toEqual([]);
    await rig.db.sql`UPDATE webhook_deliveries SET ring_at = clock_timestamp()`;
    await check.runOnce();
    expect(told).toHaveLength(700);
    expect(new Set(told)).toEqual(new Set(jobs.map((job) => JSON.stringify(job))));
    await check.runOnce();
    expect(told).toHaveLength(700);
  });

  test('stays due while the queue cannot be told', async () => {
    const [job] = await rig.store(textTo(PAGE_ID, 'queue away'));
    await rig.db.sql`UPDATE webhook_deliveries SET ring_at = clock_timestamp()`;
    const check = deliveryCheck({ ...rig.deps, queues: NO_QUEUE }, () => undefined);
    await expect(check.runOnce()).rejects.toThrow('There is no queue.');
    const due = await rig.db.sql`SELECT id FROM webhook_deliveries WHERE ring_at <= clock_timestamp()`;
    expect([...due]).toEqual([{ id: job?.deliveryId }]);
  });
});

describe('retention', () => {
  test('deletes what is done and old, and nothing else', async () => {
    const statuses = ['processed', 'ignored', 'dead', 'unclaimed', 'received', 'processed'];
    const jobs = await rig.store(...statuses.map((_, index) => textTo(PAGE_ID, String(index))));
    for (const [index, job] of jobs.entries()) {
      const age = index === 5 ? '13 days' : '15 days';
      await rig.db.sql`
        UPDATE webhook_deliveries SET status = ${statuses[index] ?? ''}, processed_at = now() - ${age}::interval
        WHERE id = ${job.deliveryId}`;
    }
    expect(await clearInbox(rig.db, 14, 1)).toBe(1);
    expect(await clearInbox(rig.db, 14, 100)).toBe(1);
    const left = await rig.db.sql<
      { status: string }[]
    >`SELECT status FROM webhook_deliveries ORDER BY status`;
    expect(left.map((row) => row.status)).toEqual(['dead', 'processed', 'received', 'unclaimed']);
  });

  test('forgets answers that can no longer be asked for', async () => {
    await rig.db.sql`
      INSERT INTO idempotency_keys (tenant_id, key, request_hash, created_at)
      SELECT id, age::text, 'h', now() - age FROM tenants, unnest(ARRAY['1 hour', '3 days']::interval[]) AS age
      WHERE name = 'test'`;
    expect(await clearIdempotencyKeys(rig.db, 2 * 86_400, 100)).toBe(1);
    expect([...(await rig.db.sql`SELECT key FROM idempotency_keys`)]).toEqual([{ key: '01:00:00' }]);
  });
});

const NO_QUEUE = { addMany: () => Promise.reject(new Error('There is no queue.')) };
