import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { connectShop, type Harness, openHarness, startOne } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness({ keyCacheMs: 200 });
});
afterAll(() => api.close());

describe('API keys', () => {
  test.each([
    ['no key', null, {}],
    ['an unknown key', 'tm_unknown', {}],
    ['another scheme', null, { authorization: 'Token abc' }],
  ])('%s is answered 401 with the remedy', async (_case, key, headers) => {
    const answer = await api.ask('GET', '/v1/syncs', { key, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.json()).toMatchObject({ code: 'unauthorized', status: 401 });
  });

  test('is stored as hash only', async () => {
    const created = (
      await api.ask('POST', '/v1/keys', { body: { name: 'n', scopes: ['syncs:read'] } })
    ).json();
    expect(created.key).toMatch(/^tm_[A-Za-z0-9_-]{43}$/);
    const [row] = await api.db.sql`SELECT * FROM api_keys WHERE id = ${created.id}`;
    expect(JSON.stringify(row)).not.toContain(created.key.slice(3));
    const list = (await api.ask('GET', '/v1/keys')).body;
    expect(list).not.toContain(created.key.slice(3));
  });

  test('may do what its scopes say and nothing else', async () => {
    const key = await api.newKey(['syncs:read']);
    expect((await api.ask('GET', '/v1/syncs', { key })).statusCode).toBe(200);
    const refused = await api.ask('GET', '/v1/connections', { key });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'missing_scope', requiredScope: 'connections:read' });
  });

  test('every route under /v1 asks for a scope', async () => {
    const [writer, reader] = [await api.newKey(['data:write']), await api.newKey(['data:read'])];
    const { paths } = (await api.ask('GET', '/openapi.json', { key: null })).json();
    for (const [path, methods] of Object.entries(paths)) {
      if (!path.startsWith('/v1')) continue;
      for (const [method, operation] of Object.entries(methods as object)) {
        const key = operation.security[0].bearer[0] === 'data:write' ? reader : writer;
        const url = path.replaceAll(/\{\w+\}/g, '01890000-0000-7000-8000-000000000000');
        const verb = method.toUpperCase() as 'GET';
        expect([verb, url, (await api.ask(verb, url, { key: null })).statusCode]).toEqual([verb, url, 401]);
        expect([verb, url, (await api.ask(verb, url, { key })).statusCode]).toEqual([verb, url, 403]);
      }
    }
  });

  test('stops working at once where it was revoked, and within its cache time elsewhere', async () => {
    const created = (
      await api.ask('POST', '/v1/keys', { body: { name: 'n', scopes: ['syncs:read'] } })
    ).json();
    const elsewhere = api.another();
    const at = async (app = api.app) =>
      (await api.ask('GET', '/v1/syncs', { key: created.key, app })).statusCode;
    expect([await at(), await at(elsewhere)]).toEqual([200, 200]);
    expect((await api.ask('DELETE', `/v1/keys/${created.id}`)).statusCode).toBe(204);
    expect(await at()).toBe(401);
    await eventually(async () => expect(await at(elsewhere)).toBe(401));
    const listed = (await api.ask('GET', '/v1/keys')).json().data;
    expect(listed.find((key: { id: string }) => key.id === created.id).revokedAt).not.toBeNull();
  });

  test('its use is noted, once a minute at most', async () => {
    const created = (
      await api.ask('POST', '/v1/keys', { body: { name: 'n', scopes: ['syncs:read'] } })
    ).json();
    expect(created.lastUsedAt).toBeNull();
    const use = async () => {
      await api.ask('GET', '/v1/syncs', { key: created.key, app: api.another() });
      const [row] = await api.db.sql`SELECT last_used_at, xmin::text FROM api_keys WHERE id = ${created.id}`;
      return row;
    };
    const first = await use();
    expect(first?.last_used_at).not.toBeNull();
    expect((await use())?.xmin).toBe(first?.xmin);
    await api.db
      .sql`UPDATE api_keys SET last_used_at = now() - interval '2 minutes' WHERE id = ${created.id}`;
    const later = await use();
    expect(Date.parse(`${later?.last_used_at}`)).toBeGreaterThan(Date.now() - 60_000);
  });

  test('revoking another tenant’s key or none is 404', async () => {
    const other = await api.newKey(['admin'], await api.newTenant('revoker'));
    const created = (
      await api.ask('POST', '/v1/keys', { body: { name: 'n', scopes: ['syncs:read'] } })
    ).json();
    expect((await api.ask('DELETE', `/v1/keys/${created.id}`, { key: other })).statusCode).toBe(404);
    expect((await api.ask('GET', '/v1/syncs', { key: created.key })).statusCode).toBe(200);
  });
});

test('O4 nothing of a tenant is seen or changed by another', async () => {
  const other = await api.newKey(['admin'], await api.newTenant('stranger'));
  const connectionId = await connectShop(api);
  const syncId = await startOne(api, connectionId);
  await api.db.sql`SELECT acquire_sync_lock(${`sync-${connectionId}`}, 'w1', 60)`;
  const [row] = await api.db.sql`
    INSERT INTO messenger_conversations (connection_id, page_id, sender_id)
    VALUES (${connectionId}, 'p', 's') RETURNING id`;
  await api.db.sql`
    INSERT INTO quarantine (connection_id, stream, reason, path, raw, fingerprint)
    VALUES (${connectionId}, 'orders', 'bad', '/', '{}', 'f')`;
  const [conflict] = await api.db.sql`
    INSERT INTO sync_conflicts (connection_id, stream, record_id, fields, base_version)
    VALUES (${connectionId}, 'conversations', ${row?.id}, '{}', 1) RETURNING id`;
  const hidden: ['GET' | 'POST' | 'PATCH' | 'DELETE', string, unknown?][] = [
    ['GET', `/v1/connections/${connectionId}`],
    ['PATCH', `/v1/connections/${connectionId}`, { name: 'mine' }],
    ['DELETE', `/v1/connections/${connectionId}?purge=true`],
    ['GET', `/v1/connections/${connectionId}/state`],
    ['POST', `/v1/connections/${connectionId}/syncs`],
    ['GET', `/v1/syncs/${syncId}`],
    ['GET', `/v1/syncs/${syncId}/events`],
    ['GET', `/v1/syncs/${syncId}/history`],
    ['GET', `/v1/syncs/${syncId}/results`],
    ['GET', `/v1/conversations/${row?.id}`],
    ['GET', `/v1/conversations/${row?.id}/events`],
    ['POST', `/v1/conflicts/${conflict?.id}/resolve`, { resolution: 'source' }],
    ['PATCH', '/v1/limits/shop:app', { maxCalls: 1 }],
    ['DELETE', `/v1/leases/sync-${connectionId}`],
  ];
  for (const [method, url, body] of hidden) {
    const mine = method === 'GET' && !url.endsWith('/events') ? (await api.ask(method, url)).statusCode : 200;
    const theirs = await api.ask(method, url, { key: other, body });
    expect([url, mine, theirs.statusCode, theirs.json().code]).toEqual([url, 200, 404, 'not_found']);
  }
  const lists = ['connections', 'syncs', 'conversations', 'conflicts', 'quarantine', 'limits', 'leases'];
  for (const list of lists) {
    const mine = (await api.ask('GET', `/v1/${list}`)).json().data.length;
    const theirs = (await api.ask('GET', `/v1/${list}`, { key: other })).json().data;
    expect([list, mine > 0, theirs]).toEqual([list, true, []]);
  }
  expect((await api.ask('GET', '/v1/statistics', { key: other })).json().totals.syncs).toBe(0);
});
