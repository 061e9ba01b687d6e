import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { QueueUnavailableError } from '@tidemark/queue';
import { connectShop, type Harness, openHarness, shopBody } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });

describe('Idempotency-Key', () => {
  test('the same request again gets the same answer, marked as replayed', async () => {
    const connectionId = await connectShop(api);
    const url = `/v1/connections/${connectionId}/syncs`;
    const first = await api.ask('POST', url, withKey('again'));
    const second = await api.ask('POST', url, withKey('again'));
    expect(second.statusCode).toBe(202);
    expect(second.body).toBe(first.body);
    expect(second.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: first.headers.location,
      'content-type': first.headers['content-type'],
    });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
  });

  test('the same key for another request is refused', async () => {
    const url = `/v1/connections/${await connectShop(api)}/syncs`;
    await api.ask('POST', url, { ...withKey('other'), body: { mode: 'full' } });
    const answer = await api.ask('POST', url, { ...withKey('other'), body: { mode: 'incremental' } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().code).toBe('idempotency_key_reused');
  });

  test('of thirty at once one is carried out; the others get its answer or are told to wait', async () => {
    const url = `/v1/connections/${await connectShop(api)}/syncs`;
    const jobs = api.queue.jobs.length;
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => api.ask('POST', url, withKey('flood'))),
    );
    const bodies = answers.filter((answer) => answer.statusCode === 202).map((answer) => answer.body);
    expect(new Set(bodies).size).toBe(1);
    const waiting = answers.filter((answer) => answer.statusCode !== 202);
    for (const answer of waiting) {
      expect(answer.json().code).toBe('idempotency_conflict');
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect(api.queue.jobs.length).toBe(jobs + 1);
  });

  test('an error is not remembered: the key may be used again', async () => {
    const connectionId = await connectShop(api);
    const url = `/v1/connections/${connectionId}/syncs`;
    await api.db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${connectionId}`;
    expect((await api.ask('POST', url, withKey('error'))).statusCode).toBe(409);
    await api.db.sql`UPDATE connections SET status = 'active' WHERE id = ${connectionId}`;
    expect((await api.ask('POST', url, withKey('error'))).statusCode).toBe(202);
  });

  test('a request that was lost with its process blocks its key for a minute, not for ever', async () => {
    const url = `/v1/connections/${await connectShop(api)}/syncs`;
    await api.ask('POST', url, withKey('lost'));
    await api.db.sql`UPDATE idempotency_keys SET status = NULL, body = NULL WHERE key = 'lost'`;
    expect((await api.ask('POST', url, withKey('lost'))).json().code).toBe('idempotency_conflict');
    await api.db
      .sql`UPDATE idempotency_keys SET created_at = now() - interval '61 seconds' WHERE key = 'lost'`;
    expect((await api.ask('POST', url, withKey('lost'))).json().code).toBe('sync_in_progress');
  });

  test('answers are forgotten after a day', async () => {
    const body = shopBody();
    await api.ask('POST', '/v1/connections', { ...withKey('day'), body });
    await api.db.sql`UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'day'`;
    expect((await api.ask('POST', '/v1/connections', { ...withKey('day'), body })).statusCode).toBe(409);
  });

  test('keys of two tenants do not meet', async () => {
    const other = await api.newKey(['admin'], await api.newTenant('neighbour'));
    const first = await api.ask('POST', '/v1/connections', { ...withKey('shared'), body: shopBody() });
    const answer = await api.ask('POST', '/v1/connections', {
      ...withKey('shared'),
      body: shopBody(),
      key: other,
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.json().id).not.toBe(first.json().id);
  });

  test('the answer that shows a key is not readable in the database', async () => {
    const body = { name: 'ci', scopes: ['syncs:read'] };
    const first = await api.ask('POST', '/v1/keys', { ...withKey('new-key'), body });
    const second = await api.ask('POST', '/v1/keys', { ...withKey('new-key'), body });
    expect(second.json().key).toBe(first.json().key);
    const [row] = await api.db.sql`SELECT body::text FROM idempotency_keys WHERE key = 'new-key'`;
    expect(row?.body).not.toContain(first.json().key.slice(3));
  });

  test('a key that is too long is refused by name', async () => {
    const answer = await api.ask('POST', '/v1/connections', {
      ...withKey('x'.repeat(256)),
      body: shopBody(),
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_header', errors: [{ pointer: 'idempotency-key' }] });
  });

  test('with the queue down the 202 is remembered all the same', async () => {
    const url = `/v1/connections/${await connectShop(api)}/syncs`;
    api.queue.failure = new QueueUnavailableError('add');
    const first = await api.ask('POST', url, withKey('outage'));
    api.queue.failure = null;
    const second = await api.ask('POST', url, withKey('outage'));
    expect(second.body).toBe(first.body);
  });
});
