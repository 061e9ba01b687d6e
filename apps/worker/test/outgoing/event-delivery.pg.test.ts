import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEventBus, type EngineEvents } from '@tidemark/core/events';
import {
  claimDeliveries,
  createSubscriber,
  type Database,
  getSubscriber,
  openDatabase,
  replayDelivery,
  sealSecret,
  settleDelivery,
  updateSubscriber,
} from '@tidemark/db';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../../../test/support/eventually.ts';
import { createTestDatabase } from '../../../../test/support/postgres.ts';
import { eventDelivery } from '../../src/services/event-delivery.ts';
import { openReceiver, type Received } from './receiver.ts';

const KEYRING = { keys: [{ id: 'test', key: randomBytes(32) }] };
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const CLAIM = { limit: 100, perSubscriber: 100, except: [], claimSeconds: 60 };

let database: { url: string; drop(): Promise<void> };
let db: Database;
let tenantId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, max: 10, applicationName: 'test' });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
beforeEach(async () => {
  // Subscribers of the tests before must not be told, and what is theirs must not be claimed.
  await db.sql`DELETE FROM subscribers`;
  const [row] = await db.sql<{ id: string }[]>`
    INSERT INTO tenants (name) VALUES (tidemark_uuidv7()::text) RETURNING id`;
  tenantId = row?.id ?? '';
});

const subscribe = (url = 'https://example.com/hook', eventTypes: string[] = []) =>
  createSubscriber(db, {
    tenantId,
    url,
    description: '',
    eventTypes,
    seal: (id) => sealSecret(KEYRING, id, SECRET),
  });
const publish = (subject: string, n: number, type = 'sync.completed') => db.sql`
  SELECT tidemark_publish(${tenantId}, ${type}, ${subject}, clock_timestamp(), ${JSON.stringify({ n })}::text::jsonb)`;
const due = (subscriberId: string) => db.sql`
  UPDATE outgoing_deliveries SET next_attempt_at = clock_timestamp() - interval '1 second'
  WHERE subscriber_id = ${subscriberId} AND status = 'pending'`;
const statuses = async (subscriberId: string): Promise<string[]> =>
  (
    await db.sql`SELECT status FROM outgoing_deliveries WHERE subscriber_id = ${subscriberId} ORDER BY id`
  ).map((row) => row.status);
const numberOf = ({ body }: Received): number => JSON.parse(body).data.n;

function openService(allowInternal = true) {
  const told: [string, unknown][] = [];
  const events = createEventBus((error) => told.push(['listener', error]));
  events.subscribe((name, fields: EngineEvents[keyof EngineEvents]) => told.push([name, fields]));
  const deps = { db, keyring: KEYRING, events, now: Date.now, random: () => 0 };
  const service = eventDelivery(deps, { allowInternal }, (name, error) => told.push([name, error]));
  return { service, told };
}

describe('publishing', () => {
  test('writes for those who asked for the type, of this tenant, and nothing where nobody did', async () => {
    await publish('nobody', 0);
    const [all, syncs, other] = [
      await subscribe(),
      await subscribe('https://a.example/', ['sync.failed']),
      await subscribe(),
    ];
    await db.sql`UPDATE subscribers SET status = 'disabled' WHERE id = ${other}`;
    await publish('s', 1);
    await publish('s', 2, 'sync.failed');
    expect(await statuses(all)).toEqual(['pending', 'pending']);
    expect(await statuses(syncs)).toEqual(['pending']);
    expect(await statuses(other)).toEqual([]);
    const [events] =
      await db.sql`SELECT count(*)::int AS n FROM outgoing_events WHERE tenant_id = ${tenantId}`;
    expect(events).toEqual({ n: 2 });
  });

  test('does not tell what happened before the subscription', async () => {
    const id = await subscribe();
    await db.sql`
      SELECT tidemark_publish(${tenantId}, 'sync.failed', 's', clock_timestamp() - interval '1 hour', '{}')`;
    expect(await statuses(id)).toEqual([]);
  });
});

describe('claiming', () => {
  test('gives the oldest of each subject only, and each to one of many callers', async () => {
    const id = await subscribe();
    for (let n = 0; n < 40; n += 1) await publish(`subject ${n % 20}`, n);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimDeliveries(db, { ...CLAIM, limit: 5 })),
    );
    const taken = claims.flat();
    expect(new Set(taken.map((delivery) => delivery.id)).size).toBe(taken.length);
    const rest = await claimDeliveries(db, CLAIM);
    const numbers = [...taken, ...rest].map((delivery) => (delivery.data as { n: number }).n);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect((await getSubscriber(db, { tenantId, subscriberId: id }))?.failingSince).toBeNull();
  });

  test('leaves subscribers alone whose places are taken, and gives one no more than its share', async () => {
    const [slow, other] = [await subscribe(), await subscribe()];
    for (let n = 0; n < 10; n += 1) await publish(`subject ${n}`, n);
    const claimed = await claimDeliveries(db, { ...CLAIM, perSubscriber: 4, except: [slow] });
    expect(claimed.map((delivery) => delivery.subscriberId)).toEqual([other, other, other, other]);
  });

  test('an attempt that another process began anew cannot be ended by the first', async () => {
    const id = await subscribe();
    await publish('s', 1);
    const [first] = await claimDeliveries(db, CLAIM);
    await due(id);
    const [second] = await claimDeliveries(db, CLAIM);
    if (first === undefined || second === undefined) throw new Error('not claimed');
    const failed = { kind: 'failed', status: 500, error: 'x', retryAfterSeconds: null, gone: true } as const;
    await settleDelivery(db, first, failed, 60);
    expect(await statuses(id)).toEqual(['pending']);
    await settleDelivery(db, second, { kind: 'delivered', status: 204 }, 60);
    expect(await statuses(id)).toEqual(['delivered']);
  });
});

describe('sending', () => {
  test('signs what it sends, so that the standard library accepts it and nothing else', async () => {
    const receiver = await openReceiver((_received, reply) => reply.writeHead(204).end());
    const id = await subscribe(receiver.url);
    await publish('s', 7);
    await openService().service.runOnce();
    const [one] = receiver.received;
    if (one === undefined) throw new Error('nothing was sent');
    const headers = one.headers as Record<string, string>;
    const verified = new Webhook(SECRET).verify(one.body, headers);
    expect(verified).toMatchObject({ type: 'sync.completed', data: { n: 7 } });
    expect(() => new Webhook(SECRET).verify(`${one.body} `, headers)).toThrow();
    expect(await statuses(id)).toEqual(['delivered']);
    await receiver.close();
  });

  test('keeps the order within a subject over failures, and other subjects go on', async () => {
    let refused = 0;
    const receiver = await openReceiver((received, reply) => {
      const refuses = numberOf(received) === 1 && refused < 2;
      if (refuses) refused += 1;
      reply.writeHead(refuses ? 503 : 200).end();
    });
    const id = await subscribe(receiver.url);
    for (const n of [1, 2, 3]) await publish('a', n);
    await publish('b', 10);
    const { service } = openService();
    await service.runOnce();
    expect(receiver.received.map(numberOf).sort((a, b) => a - b)).toEqual([1, 10]);
    for (let round = 0; round < 2; round += 1) {
      await due(id);
      await service.runOnce();
    }
    expect(receiver.received.map(numberOf).filter((n) => n < 10)).toEqual([1, 1, 1, 2, 3]);
    expect(await statuses(id)).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    await receiver.close();
  });

  test('a subscriber that never answers holds up nobody else', async () => {
    const open: ServerResponse[] = [];
    const silent = await openReceiver((_received, reply) => void open.push(reply));
    const quick = await openReceiver((_received, reply) => reply.writeHead(200).end());
    await subscribe(silent.url);
    await subscribe(quick.url);
    for (let n = 0; n < 60; n += 1) await publish(`subject ${n}`, n);
    const { service } = openService();
    service.start();
    await eventually(() => expect(quick.received).toHaveLength(60));
    // The same four, however often their time ran out meanwhile on a busy machine.
    const asked = () => new Set(silent.received.map(({ headers }) => headers['webhook-id'])).size;
    await eventually(() => expect(asked()).toBe(4));
    await service.stop();
    await silent.close();
    await quick.close();
  });

  test('gives up after the last attempt, goes on with the next, and a replay sends the same id again', async () => {
    let answer = 500;
    const receiver = await openReceiver((_received, reply) => reply.writeHead(answer).end());
    const id = await subscribe(receiver.url);
    await publish('s', 1);
    await publish('s', 2);
    await db.sql`UPDATE outgoing_deliveries SET attempts = 9 WHERE subscriber_id = ${id} AND id = (
      SELECT min(id) FROM outgoing_deliveries WHERE subscriber_id = ${id})`;
    const { service, told } = openService();
    await service.runOnce();
    expect(await statuses(id)).toEqual(['dead', 'pending']);
    expect(told[0]).toEqual([
      'event.undelivered',
      expect.objectContaining({ attempt: 10, status: 500, retryAfterSeconds: null }),
    ]);
    answer = 200;
    const [dead] = await db.sql<{ id: string }[]>`
      SELECT id::text AS id FROM outgoing_deliveries WHERE subscriber_id = ${id} AND status = 'dead'`;
    const target = { tenantId, subscriberId: id, deliveryId: dead?.id ?? '' };
    expect(await replayDelivery(db, target)).toBe(true);
    await due(id);
    await service.runOnce();
    expect(await statuses(id)).toEqual(['delivered', 'delivered']);
    const ids = receiver.received
      .filter((one) => numberOf(one) === 1)
      .map((one) => one.headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    await receiver.close();
  });

  test('disables who is gone, and who took nothing for days; enabling sends what is owed', async () => {
    let answer = 410;
    const receiver = await openReceiver((_received, reply) => reply.writeHead(answer).end());
    const id = await subscribe(receiver.url);
    const target = { tenantId, subscriberId: id };
    await publish('s', 1);
    const { service, told } = openService();
    await service.runOnce();
    expect(await getSubscriber(db, target)).toMatchObject({
      status: 'disabled',
      disabledReason: 'It answered 410 Gone.',
    });
    expect(told.map(([name]) => name)).toEqual(['event.undelivered', 'subscriber.disabled']);

    await updateSubscriber(db, target, { status: 'active' });
    await db.sql`UPDATE subscribers SET failing_since = now() - interval '6 days' WHERE id = ${id}`;
    await due(id);
    answer = 500;
    await service.runOnce();
    expect(await getSubscriber(db, target)).toMatchObject({ status: 'disabled' });

    answer = 200;
    await updateSubscriber(db, target, { status: 'active' });
    await service.runOnce();
    expect(await statuses(id)).toEqual(['delivered']);
    expect(await getSubscriber(db, target)).toMatchObject({ status: 'active', failingSince: null });
    await receiver.close();
  });

  test.each([
    'http://127.0.0.1:9/',
    'https://127.0.0.1:9/',
    'https://[::1]:9/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost:9/',
    'https://10.0.0.1/',
    'https://[::ffff:127.0.0.1]:9/',
  ])('calls no internal address: %s', async (url) => {
    const id = await subscribe(url);
    await publish('s', 1);
    await openService(false).service.runOnce();
    const [row] = await db.sql`
      SELECT status, last_status AS answer, last_error AS error FROM outgoing_deliveries WHERE subscriber_id = ${id}`;
    expect(row).toMatchObject({ status: 'pending', answer: null });
    expect(row?.error).toMatch(/not_https|not allowed/);
  });

  test('does not follow a redirect', async () => {
    const inside = await openReceiver((_received, reply) => reply.writeHead(200).end());
    const outside = await openReceiver((_received, reply) =>
      reply.writeHead(307, { location: inside.url }).end(),
    );
    const id = await subscribe(outside.url);
    await publish('s', 1);
    await openService().service.runOnce();
    expect([inside.received.length, outside.received.length]).toEqual([0, 1]);
    expect(await statuses(id)).toEqual(['pending']);
    await inside.close();
    await outside.close();
  });
});
