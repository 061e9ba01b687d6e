import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeDeliveries } from '@tidemark/db';
import { type Harness, openHarness } from './harness.ts';
import { sorted } from './sorted.ts';

let harness: Harness;
let reader: string;
let stranger: string;
let strangerTenant: string;
beforeAll(async () => {
  harness = await openHarness();
  reader = await harness.newKey(['data:read', 'operations:write']);
  strangerTenant = await harness.newTenant('stranger');
  stranger = await harness.newKey(['admin'], strangerTenant);
  await connect(harness.tenantId, 'mine');
  await connect(strangerTenant, 'theirs');
});
afterAll(() => harness.close());

async function connect(tenantId: string, account: string): Promise<void> {
  await harness.db.sql`
    INSERT INTO connections (tenant_id, connector, name, config, account_id)
    VALUES (${tenantId}, 'messenger', ${account}, '{}', ${account})`;
}

let bodies = 0;

/** A delivery in the inbox as processing left it. */
async function delivery(status: string, accounts: string[] | null): Promise<string> {
  bodies += 1;
  const body = Buffer.from(`body ${bodies}`);
  const dedupeKey = createHash('sha256').update(body).digest('hex');
  const [job] = await storeDeliveries(harness.db, [{ source: 'messenger', dedupeKey, body }]);
  await harness.db.sql`
    UPDATE webhook_deliveries SET status = ${status}, accounts = ${accounts}::text[], attempts = 8, error = 'why'
    WHERE id = ${job?.deliveryId ?? ''}`;
  return job?.deliveryId ?? '';
}

async function listed(key: string, query = ''): Promise<string[]> {
  const answer = await harness.ask('GET', `/v1/webhook-deliveries${query}`, { key });
  return answer.json().data.map((row: { id: string }) => row.id);
}

/** Ids made within one millisecond are in no order of time. */
const newestFirst = (...ids: string[]) => ids.toSorted((a, b) => (a < b ? 1 : -1));

describe('who sees a delivery', () => {
  test('the tenant of its account; what belongs to nobody, an administrator', async () => {
    const mine = await delivery('processed', ['mine']);
    const theirs = await delivery('dead', ['theirs']);
    const nobodys = await delivery('unclaimed', ['unknown']);
    const unread = await delivery('received', null);
    const both = await delivery('processed', ['mine', 'theirs']);
    expect(await listed(reader)).toEqual(newestFirst(both, mine));
    expect(await listed(harness.admin)).toEqual(newestFirst(both, unread, nobodys, mine));
    expect(await listed(stranger)).toEqual(newestFirst(both, unread, nobodys, theirs));
    expect(await listed(reader, '?status=processed&limit=1')).toEqual(newestFirst(both, mine).slice(0, 1));
    for (const id of [theirs, nobodys]) {
      expect((await harness.ask('GET', `/v1/webhook-deliveries/${id}`, { key: reader })).statusCode).toBe(
        404,
      );
      const replay = await harness.ask('POST', `/v1/webhook-deliveries/${id}/replay`, { key: reader });
      expect(replay.statusCode).toBe(404);
    }
  });

  test('the body, byte for byte, unless some of it is another tenant’s', async () => {
    const mine = await delivery('processed', ['mine']);
    const both = await delivery('processed', ['mine', 'theirs']);
    const look = async (id: string, key: string) =>
      (await harness.ask('GET', `/v1/webhook-deliveries/${id}`, { key })).json();
    const seen = await look(mine, reader);
    expect(Buffer.from(seen.body, 'base64').toString()).toMatch(/^body \d+$/);
    expect(seen).toMatchObject({ accounts: ['mine'], attempts: 8, error: 'why' });
    for (const key of [reader, harness.admin, stranger]) {
      expect(await look(both, key)).toMatchObject({ body: null, accounts: null });
    }
  });
});

describe('replay', () => {
  test('makes one due anew and hands it to the queue', async () => {
    const id = await delivery('dead', ['mine']);
    const answer = await harness.ask('POST', `/v1/webhook-deliveries/${id}/replay`, { key: reader });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      202,
      { id, status: 'received', attempts: 0, error: null },
    ]);
    expect(harness.queue.jobs.at(-1)).toMatchObject({
      name: 'webhook-delivery',
      payload: { deliveryId: id, pickup: 1 },
    });
  });

  test('takes all dead letters of the tenant, and no others', async () => {
    const mine = [await delivery('dead', ['mine']), await delivery('dead', ['mine'])];
    const theirs = await delivery('dead', ['theirs']);
    const ask = (body: unknown) =>
      harness.ask('POST', '/v1/webhook-deliveries/replay', { key: reader, body });
    expect((await ask({ status: 'processed' })).statusCode).toBe(422);
    const answer = await ask({ status: 'dead' });
    expect([answer.statusCode, answer.json()]).toEqual([202, { replayed: 2, more: false }]);
    const told = harness.queue.jobs
      .slice(-2)
      .flatMap((job) => ('deliveryId' in job.payload ? [job.payload.deliveryId] : []));
    expect(sorted(told)).toEqual(sorted(mine));
    expect(await listed(stranger, '?status=dead')).toContain(theirs);
  });
});
