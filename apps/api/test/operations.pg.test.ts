import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reportResponseTimes } from '@tidemark/db';
import { QueueUnavailableError } from '@tidemark/queue';
import { connectShop, type Harness, openHarness, startOne } from './harness.ts';
import { sorted } from './sorted.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

describe('/v1/limits', () => {
  test('lists the pools of the tenant’s connections, once each, by name', async () => {
    await connectShop(api);
    await connectShop(api);
    const { data } = (await api.ask('GET', '/v1/limits')).json();
    const names = data.map((pool: { pool: string }) => pool.pool);
    expect(names).toEqual(sorted([...new Set<string>(names)]));
    expect(data.find((pool: { pool: string }) => pool.pool === 'shop:app')).toEqual({
      pool: 'shop:app',
      maxCalls: 100,
      perSeconds: 60,
      maxConcurrent: null,
      usedShare: null,
      pausedUntil: null,
      reason: null,
      responseMs: null,
      usualResponseMs: null,
      spacingMs: 620,
      slowedBy: null,
    });
  });

  test('E19: shows how wide calls are spaced, and why', async () => {
    await connectShop(api);
    await reportResponseTimes(api.db, ['shop:app'], [400]);
    await api.db.sql`UPDATE limit_pools SET response_ms = 1600 WHERE pool = 'shop:app'`;
    const slow = (await api.ask('PATCH', '/v1/limits/shop:app', { body: { maxCalls: 100 } })).json();
    expect(slow).toMatchObject({
      responseMs: 1_600,
      usualResponseMs: 400,
      spacingMs: 1_240,
      slowedBy: 'responses',
    });
    await api.db.sql`UPDATE limit_pools SET response_at = NULL WHERE pool = 'shop:app'`;
  });

  test('a pause is set with its reason, ends by itself, and can be lifted', async () => {
    await connectShop(api);
    const until = new Date(Date.now() + 60_000).toISOString();
    const paused = await api.ask('PATCH', '/v1/limits/shop:app', { body: { pausedUntil: until } });
    expect(paused.json()).toMatchObject({ pausedUntil: until, reason: 'paused by an operator' });
    await api.db
      .sql`UPDATE limit_pools SET paused_until = now() - interval '1 second' WHERE pool = 'shop:app'`;
    const over = (await api.ask('GET', '/v1/limits?limit=200')).json().data;
    expect(over.find((pool: { pool: string }) => pool.pool === 'shop:app')).toMatchObject({
      pausedUntil: null,
      reason: null,
    });
    const lifted = await api.ask('PATCH', '/v1/limits/shop:app', { body: { pausedUntil: null } });
    expect(lifted.json()).toMatchObject({ pausedUntil: null, reason: null });
  });

  test('changes what is given and nothing else; null clears', async () => {
    await connectShop(api);
    const set = await api.ask('PATCH', '/v1/limits/shop:app', { body: { maxConcurrent: 3 } });
    expect(set.json()).toMatchObject({ maxCalls: 100, perSeconds: 60, maxConcurrent: 3 });
    const cleared = await api.ask('PATCH', '/v1/limits/shop:app', {
      body: { maxConcurrent: null, perSeconds: 0.5 },
    });
    expect(cleared.json()).toMatchObject({ maxCalls: 100, perSeconds: 0.5, maxConcurrent: null });
  });

  test('a pool nobody spends from is 404, a senseless setting 422', async () => {
    expect((await api.ask('PATCH', '/v1/limits/nope', { body: { maxCalls: 1 } })).statusCode).toBe(404);
    const answer = await api.ask('PATCH', '/v1/limits/shop:app', { body: { maxCalls: 0 } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].pointer).toBe('/maxCalls');
  });
});

describe('/v1/queues', () => {
  test('tells the queues and how many workers gave a sign of life', async () => {
    await api.db.sql`
      INSERT INTO workers (id, host, pid, concurrency, heartbeat_at) VALUES
        ('alive', 'h', 1, 1, now()), ('silent', 'h', 2, 1, now() - interval '16 seconds')`;
    const answer = await api.ask('GET', '/v1/queues');
    expect(answer.json()).toMatchObject({ backend: 'redis', workersAlive: 1, queues: [{ queue: 'sync' }] });
    expect(answer.json().stuckSyncs).toEqual([]);
  });

  test('E20: tells which syncs are stuck, to their tenant, also when no worker is there to find them', async () => {
    const connectionId = await connectShop(api);
    const syncId = await startOne(api, connectionId);
    await api.db.sql`UPDATE syncs SET created_at = '2026-01-01T00:00:00Z' WHERE id = ${syncId}`;
    const since = '2026-01-01T00:00:00.000Z';
    const stuck = (await api.ask('GET', '/v1/queues')).json().stuckSyncs;
    expect(stuck).toMatchObject([{ syncId, connectionId, reason: 'untaken' }]);
    expect(Math.abs(Date.parse(stuck[0].since) - Date.parse(since))).toBeLessThan(10);
    const stranger = await api.newKey(['operations:read'], await api.newTenant('stranger'));
    expect((await api.ask('GET', '/v1/queues', { key: stranger })).json().stuckSyncs).toEqual([]);
    await api.ask('POST', `/v1/syncs/${syncId}/cancel`);
    expect((await api.ask('GET', '/v1/queues')).json().stuckSyncs).toEqual([]);
  });

  test('is 503 with Retry-After while the queue is away', async () => {
    api.queue.failure = new QueueUnavailableError('status');
    const answer = await api.ask('GET', '/v1/queues');
    api.queue.failure = null;
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.json().code).toBe('service_unavailable');
  });
});

describe('/v1/leases', () => {
  test('lists them with those that ran out marked, and breaks one', async () => {
    const [held, stuck] = [await connectShop(api), await connectShop(api)];
    await api.db
      .sql`SELECT acquire_sync_lock(${`sync-${held}`}, 'w1', 60), acquire_sync_lock(${`sync-${stuck}`}, 'w2', 60)`;
    await api.db
      .sql`UPDATE sync_locks SET expires_at = now() - interval '1 second' WHERE key = ${`sync-${stuck}`}`;
    const leases = (await api.ask('GET', '/v1/leases')).json().data;
    expect(leases).toHaveLength(2);
    expect(leases).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: `sync-${held}`, connectionId: held, owner: 'w1', expired: false }),
        expect.objectContaining({ key: `sync-${stuck}`, connectionId: stuck, owner: 'w2', expired: true }),
      ]),
    );
    expect(leases.map((lease: { stuck: boolean }) => lease.stuck)).toEqual([false, false]);
    await api.db.sql`
      UPDATE sync_locks SET acquired_at = '2026-01-01T00:00:00Z' WHERE key = ${`sync-${held}`}`;
    const overdue = (await api.ask('GET', '/v1/leases')).json().data;
    expect(overdue.find((lease: { key: string }) => lease.key === `sync-${held}`)).toMatchObject({
      stuck: true,
      stuckSince: '2026-01-01T00:00:00.000Z',
    });
    expect((await api.ask('DELETE', `/v1/leases/sync-${stuck}`)).statusCode).toBe(204);
    expect((await api.ask('DELETE', `/v1/leases/sync-${stuck}`)).statusCode).toBe(404);
    expect((await api.ask('GET', '/v1/leases')).json().data).toHaveLength(1);
  });

  test('are for the scope admin only', async () => {
    const key = await api.newKey(['operations:read', 'operations:write']);
    expect((await api.ask('GET', '/v1/leases', { key })).statusCode).toBe(403);
    expect((await api.ask('DELETE', '/v1/leases/sync-x', { key })).statusCode).toBe(403);
  });
});

describe('readiness', () => {
  test('is true, and names what is missing when it is not', async () => {
    const ready = await api.ask('GET', '/readyz', { key: null });
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toMatchObject({ ready: true });
    api.queue.failure = new QueueUnavailableError('ping');
    await api.db
      .sql`CREATE TABLE kept AS SELECT * FROM drizzle.__drizzle_migrations ORDER BY id DESC LIMIT 1`;
    await api.db.sql`DELETE FROM drizzle.__drizzle_migrations WHERE id = (SELECT id FROM kept)`;
    const unready = await api.ask('GET', '/readyz', { key: null });
    await api.db.sql`INSERT INTO drizzle.__drizzle_migrations SELECT * FROM kept`;
    api.queue.failure = null;
    expect(unready.statusCode).toBe(503);
    expect(unready.json()).toEqual({
      ready: false,
      checks: [
        { name: 'database', ok: true, detail: null },
        { name: 'migrations', ok: false, detail: expect.stringContaining('1 migration') },
        { name: 'queue', ok: false, detail: 'not available' },
      ],
    });
  });

  test('a queue that hangs is not waited for', async () => {
    const queues = Object.assign(Object.create(api.queue), {
      ping: () => Promise.withResolvers<void>().promise,
    });
    const answer = await api.ask('GET', '/readyz', { key: null, app: api.another({ queues }) });
    expect(answer.json().checks[2]).toEqual({ name: 'queue', ok: false, detail: 'no answer within 2000 ms' });
  });
});

describe('the queue board', () => {
  const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`any:${key}`).toString('base64')}` });

  test('asks for the admin key, in a way browsers understand', async () => {
    const nobody = await api.ask('GET', '/admin/queues', { key: null });
    expect(nobody.statusCode).toBe(401);
    expect(nobody.headers['www-authenticate']).toContain('Basic');
    const wrong = await api.ask('GET', '/admin/queues/api/queues', { key: null, headers: basic('tm_wrong') });
    expect(wrong.statusCode).toBe(401);
    const scoped = await api.ask('GET', '/admin/queues', { key: await api.newKey(['operations:read']) });
    expect(scoped.statusCode).toBe(403);
  });

  test('opens with it as bearer token or password, and loads nothing from elsewhere', async () => {
    expect((await api.ask('GET', '/admin/queues')).statusCode).toBe(200);
    const page = await api.ask('GET', '/admin/queues', { key: null, headers: basic(api.admin) });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    const script = /src="(static\/js\/main[^"]+)"/.exec(page.body)?.[1];
    const asset = await api.ask('GET', `/admin/queues/${script}`, { key: null, headers: basic(api.admin) });
    expect(asset.statusCode).toBe(200);
    expect((await api.ask('GET', `/admin/queues/${script}`, { key: null })).statusCode).toBe(401);
  });
});

test('the API page comes with everything it needs', async () => {
  const page = await api.ask('GET', '/docs/', { key: null });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  for (const [, path] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(path).toMatch(/^\.\/static\//);
    const asset = await api.ask('GET', `/docs/${path?.slice(2)}`, { key: null });
    expect([path, asset.statusCode]).toEqual([path, 200]);
  }
  expect((await api.ask('GET', '/', { key: null })).headers.location).toBe('/docs');
});
