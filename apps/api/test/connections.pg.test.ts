import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSecret } from '@tidemark/db';
import { connectShop, type Harness, KEYRING, moveSync, openHarness, shopBody, startOne } from './harness.ts';
import { sorted } from './sorted.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

describe('POST /v1/connections', () => {
  test('creates a connection with its pools, seals the credentials and never returns them', async () => {
    const body = shopBody();
    const answer = await api.ask('POST', '/v1/connections', { body });
    expect(answer.statusCode).toBe(201);
    const connection = answer.json();
    expect(answer.headers.location).toBe(`/v1/connections/${connection.id}`);
    expect(connection).toMatchObject({
      connector: 'shop',
      name: 'My shop',
      config: body.config,
      conflictPolicy: 'source_wins',
      status: 'active',
      hasCredentials: true,
    });
    expect(answer.body).not.toContain('secret-token');
    const [row] = await api.db.sql`SELECT credentials FROM connections WHERE id = ${connection.id}`;
    expect(openSecret(KEYRING, connection.id, row?.credentials)).toEqual(body.credentials);
    const pools = await api.db
      .sql`SELECT pool FROM connection_pools WHERE connection_id = ${connection.id} ORDER BY 1`;
    expect(pools.map((pool) => pool.pool)).toEqual([`shop:${body.config.shopId}`, 'shop:app']);
  });

  test('tells everything wrong with config and credentials at once, with pointers', async () => {
    const answer = await api.ask('POST', '/v1/connections', {
      body: shopBody({ config: { shopId: 'x', pageSize: 500, extra: 1 }, credentials: { token: 'short' } }),
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json();
    expect(problem.code).toBe('config_invalid');
    expect(sorted(problem.errors.map((error: { pointer: string }) => error.pointer))).toEqual([
      '/config/extra',
      '/config/pageSize',
      '/config/shopId',
      '/credentials/token',
    ]);
  });

  test.each([
    ['credentials are missing', shopBody({ credentials: undefined })],
    [
      'credentials are given to a connector without',
      { connector: 'files', name: 'f', config: { root: '/a' }, credentials: {} },
    ],
  ])('refuses when %s', async (_case, body) => {
    const answer = await api.ask('POST', '/v1/connections', { body });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'config_invalid', errors: [{ pointer: '/credentials' }] });
  });

  test('names the connectors that exist', async () => {
    const answer = await api.ask('POST', '/v1/connections', { body: shopBody({ connector: 'nope' }) });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'unknown_connector', errors: [{ pointer: '/connector' }] });
    expect(answer.json().detail).toContain('shop');
  });

  test('refuses the same account twice, with the id of the first', async () => {
    const body = shopBody();
    const first = await api.ask('POST', '/v1/connections', { body });
    const second = await api.ask('POST', '/v1/connections', { body });
    expect(second.statusCode).toBe(409);
    expect(second.json()).toMatchObject({ code: 'connection_exists', connectionId: first.json().id });
  });

  test('does not tell the id of another tenant’s connection', async () => {
    const other = await api.newKey(['admin'], await api.newTenant('competitor'));
    const body = shopBody();
    await api.ask('POST', '/v1/connections', { body });
    const answer = await api.ask('POST', '/v1/connections', { body, key: other });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).not.toHaveProperty('connectionId');
  });

  test('of twenty at once for one account one is created', async () => {
    const body = shopBody();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.ask('POST', '/v1/connections', { body })),
    );
    const created = answers.filter((answer) => answer.statusCode === 201);
    expect(created).toHaveLength(1);
    const refused = answers.filter((answer) => answer.statusCode === 409);
    expect(new Set(refused.map((answer) => answer.json().connectionId))).toEqual(
      new Set([created[0]?.json().id]),
    );
    expect(refused).toHaveLength(19);
  });

  test('revives a connection that was deleted without its rows, under its id', async () => {
    const body = shopBody();
    const { id } = (await api.ask('POST', '/v1/connections', { body })).json();
    await api.ask('DELETE', `/v1/connections/${id}`);
    const [wiped] = await api.db.sql`SELECT credentials FROM connections WHERE id = ${id}`;
    expect(wiped?.credentials).toBeNull();
    const credentials = { token: 'another-token' };
    const again = await api.ask('POST', '/v1/connections', { body: { ...body, name: 'Again', credentials } });
    expect(again.statusCode).toBe(201);
    expect(again.json()).toMatchObject({ id, name: 'Again', hasCredentials: true });
    const [row] = await api.db.sql`SELECT credentials FROM connections WHERE id = ${id}`;
    expect(openSecret(KEYRING, id, row?.credentials)).toEqual(credentials);
  });

  test('does not revive another tenant’s deleted connection', async () => {
    const other = await api.newKey(['admin'], await api.newTenant('successor'));
    const body = shopBody();
    const { id } = (await api.ask('POST', '/v1/connections', { body })).json();
    await api.ask('DELETE', `/v1/connections/${id}`);
    const answer = await api.ask('POST', '/v1/connections', { body, key: other });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).not.toHaveProperty('connectionId');
  });

  test('leaves adjusted settings of a shared pool alone', async () => {
    await connectShop(api);
    await api.ask('PATCH', '/v1/limits/shop:app', { body: { maxCalls: 7 } });
    await connectShop(api);
    const [pool] = await api.db.sql`SELECT max_calls FROM limit_pools WHERE pool = 'shop:app'`;
    expect(pool?.max_calls).toBe(7);
  });
});

describe('GET /v1/connections', () => {
  test('pages through all of them, newest first, each once', async () => {
    const tenantId = await api.newTenant('pager');
    const key = await api.newKey(['admin'], tenantId);
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push(await connectShop(api, key));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = (await api.ask('GET', `/v1/connections?limit=2${from}`, { key })).json();
      seen.push(...page.data.map((connection: { id: string }) => connection.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(ids));
  });
});

describe('PATCH /v1/connections/:id', () => {
  test('changes what is given and nothing else', async () => {
    const id = await connectShop(api);
    const answer = await api.ask('PATCH', `/v1/connections/${id}`, {
      body: { name: 'New', conflictPolicy: 'manual' },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ id, name: 'New', conflictPolicy: 'manual', hasCredentials: true });
  });

  test('new credentials set the status back to active', async () => {
    const id = await connectShop(api);
    await api.db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${id}`;
    const credentials = { token: 'a-fresh-token' };
    const answer = await api.ask('PATCH', `/v1/connections/${id}`, { body: { credentials } });
    expect(answer.json().status).toBe('active');
    const [row] = await api.db.sql`SELECT credentials FROM connections WHERE id = ${id}`;
    expect(openSecret(KEYRING, id, row?.credentials)).toEqual(credentials);
  });

  test('a change without credentials leaves needs_reauth', async () => {
    const id = await connectShop(api);
    await api.db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${id}`;
    const answer = await api.ask('PATCH', `/v1/connections/${id}`, { body: { name: 'Renamed' } });
    expect(answer.json().status).toBe('needs_reauth');
  });

  test('refuses the configuration of another account', async () => {
    const id = await connectShop(api);
    const answer = await api.ask('PATCH', `/v1/connections/${id}`, {
      body: { config: { shopId: '999999' } },
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'config_invalid', errors: [{ pointer: '/config' }] });
  });

  test('refuses an empty change, and an unknown field at its own pointer', async () => {
    const id = await connectShop(api);
    const empty = await api.ask('PATCH', `/v1/connections/${id}`, { body: {} });
    expect(empty.statusCode).toBe(422);
    const unknown = await api.ask('PATCH', `/v1/connections/${id}`, { body: { nam: 'x' } });
    expect(unknown.statusCode).toBe(422);
    expect(unknown.json().errors[0].pointer).toBe('/nam');
  });
});

describe('DELETE /v1/connections/:id', () => {
  test('keeps the rows, hides the connection, and purge drops the rest later', async () => {
    const id = await connectShop(api);
    const syncId = await startOne(api, id);
    await moveSync(api.db, syncId, 'cancelled');
    expect((await api.ask('DELETE', `/v1/connections/${id}`)).statusCode).toBe(204);
    expect((await api.ask('GET', `/v1/connections/${id}`)).statusCode).toBe(404);
    expect((await api.ask('GET', `/v1/syncs/${syncId}`)).statusCode).toBe(200);
    expect((await api.ask('POST', `/v1/connections/${id}/syncs`)).statusCode).toBe(404);
    expect((await api.ask('DELETE', `/v1/connections/${id}`)).statusCode).toBe(404);
    expect((await api.ask('DELETE', `/v1/connections/${id}?purge=true`)).statusCode).toBe(204);
    expect((await api.ask('GET', `/v1/syncs/${syncId}`)).statusCode).toBe(404);
    expect(await api.db.sql`SELECT 1 FROM connections WHERE id = ${id}`).toHaveLength(0);
  });

  test('purge drops the pools nobody else spends from, and only these', async () => {
    const body = shopBody();
    await connectShop(api);
    const { id } = (await api.ask('POST', '/v1/connections', { body })).json();
    await api.ask('DELETE', `/v1/connections/${id}?purge=true`);
    const left = await api.db.sql`
      SELECT pool FROM limit_pools WHERE pool IN ('shop:app', ${`shop:${body.config.shopId}`})`;
    expect(left.map((row) => row.pool)).toEqual(['shop:app']);
  });

  test.each(['', '?purge=true'])('refuses while a sync is live (%s)', async (query) => {
    const id = await connectShop(api);
    const syncId = await startOne(api, id);
    const answer = await api.ask('DELETE', `/v1/connections/${id}${query}`);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'sync_in_progress', activeSyncId: syncId });
  });
});

describe('GET /v1/connections/:id/state', () => {
  test('is idle, then live with checkpoints and lease, then idle again', async () => {
    const id = await connectShop(api);
    const state = async () => (await api.ask('GET', `/v1/connections/${id}/state`)).json();
    expect(await state()).toMatchObject({
      status: 'idle',
      activeSyncId: null,
      lastSyncId: null,
      streams: [],
    });
    const syncId = await startOne(api, id);
    await api.db.sql`SELECT acquire_sync_lock(${`sync-${id}`}, 'w1', 60)`;
    await api.db.sql`UPDATE sync_state SET checkpoint = '{"after": "x"}' WHERE connection_id = ${id}`;
    expect(await state()).toMatchObject({
      status: 'queued',
      activeSyncId: syncId,
      lastSyncId: syncId,
      lease: { key: `sync-${id}`, owner: 'w1' },
      streams: [{ stream: 'orders', checkpoint: { after: 'x' }, watermark: null }],
    });
    await moveSync(api.db, syncId, 'cancelled');
    expect(await state()).toMatchObject({ status: 'idle', activeSyncId: null, lastSyncId: syncId });
  });
});
