import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Harness, openHarness, shopBody } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

const json = { 'content-type': 'application/json' };

describe('every error is problem+json', () => {
  test.each([
    ['not JSON', '{"connector": ', json, 400, 'malformed_body'],
    ['an empty body', '', json, 400, 'malformed_body'],
    ['JSON with a poisoned prototype', '{"__proto__": {"x": 1}}', json, 400, 'malformed_body'],
    ['a string with U+0000', '{"name": "a\\u0000b"}', json, 400, 'malformed_body'],
    ['half a surrogate pair', '{"name": "a\\ud800b"}', json, 400, 'malformed_body'],
    ['absurd nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, json, 400, 'malformed_body'],
    ['a list', '[]', json, 422, 'validation_failed'],
    ['text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['more than a mebibyte', `"${'x'.repeat(1_100_000)}"`, json, 413, 'payload_too_large'],
  ])('%s', async (_case, body, headers, status, code) => {
    const answer = await api.ask('POST', '/v1/connections', { body, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      type: `urn:tidemark:problem:${code}`,
      status,
      code,
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.json().title).not.toBe('');
    expect(answer.json().detail).not.toBe('');
  });

  test('unknown fields are told at their own pointers, escaped after RFC 6901', async () => {
    const answer = await api.ask('POST', '/v1/connections', { body: { ...shopBody(), 'a/b~c': 1 } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([
      { pointer: '/a~1b~0c', message: 'Unknown field. Remove it, or check its spelling.' },
    ]);
  });

  test.each([
    ['limit=0', 'limit', 'from 1 to 200'],
    ['limit=201', 'limit', 'from 1 to 200'],
    ['limit=abc', 'limit', 'from 1 to 200'],
    ['limit=1&limit=2', 'limit', 'once'],
    ['status=done', 'status', 'queued, running'],
    ['status=queued&status=running', 'status', 'once'],
    ['since=yesterday', 'since', 'ISO 8601'],
    ['connectionId=1', 'connectionId', 'UUID'],
    ['connector=%00', 'connector', 'U+0000'],
    ['page=2', 'page', 'limit, cursor'],
  ])('the query %s is refused by name with the remedy', async (query, name, remedy) => {
    const answer = await api.ask('GET', `/v1/syncs?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('invalid_query');
    expect(answer.json().detail).toContain(`"${name}"`);
    expect(answer.json().detail).toContain(remedy);
  });

  test.each([
    ['nonsense', 'x'],
    ['another list’s', Buffer.from('["keys","01890000-0000-7000-8000-000000000000"]').toString('base64url')],
    ['a forged position', Buffer.from('["syncs","1 OR 1=1"]').toString('base64url')],
    ['an overlong one', 'x'.repeat(2_000)],
    ['an empty one', ''],
  ])('a cursor that is %s is refused with the remedy', async (_case, cursor) => {
    const answer = await api.ask('GET', `/v1/syncs?cursor=${cursor}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('invalid_cursor');
    expect(answer.json().detail).toContain('leave it out');
  });

  test.each([
    ['GET', '/nope', 404, 'not_found'],
    ['GET', '/v1/connections/not-a-uuid', 400, 'invalid_query'],
    ['GET', '/v1/connections/01890000-0000-7000-8000-000000000000', 404, 'not_found'],
    ['GET', '/v1/%zz', 400, 'invalid_query'],
    ['GET', `/v1/syncs/${'x'.repeat(400)}`, 400, 'invalid_query'],
    ['GET', '/v1/queues?x=1', 400, 'invalid_query'],
  ] as const)('%s %s', async (method, url, status, code) => {
    const answer = await api.ask(method, url);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test('a wrong method is told which ones are right', async () => {
    const answer = await api.ask('PUT', '/v1/connections/01890000-0000-7000-8000-000000000000');
    expect(answer.statusCode).toBe(405);
    expect(answer.json().code).toBe('method_not_allowed');
    expect(new Set(answer.headers.allow?.split(', '))).toEqual(new Set(['GET', 'HEAD', 'PATCH', 'DELETE']));
  });

  test('a bug is 500 without its internals, and the log has them under the request id', async () => {
    const [table, renamed] = ['limit_pools', 'limit_pools_away'];
    await api.db.sql`ALTER TABLE ${api.db.sql(table)} RENAME TO ${api.db.sql(renamed)}`;
    const answer = await api.ask('GET', '/v1/limits', { headers: { 'x-request-id': 'find-me' } });
    await api.db.sql`ALTER TABLE ${api.db.sql(renamed)} RENAME TO ${api.db.sql(table)}`;
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal_error', requestId: 'find-me' });
    expect(answer.body).not.toMatch(/relation|limit_pools|stack/);
    const line = api.log.find((entry) => entry.includes('"requestId":"find-me"') && entry.includes('"err"'));
    expect(line).toContain('limit_pools');
  });
});

describe('X-Request-Id', () => {
  test('a sane one is kept, another is replaced', async () => {
    const sane = await api.ask('GET', '/healthz', { headers: { 'x-request-id': 'trace-1:2.3_4' } });
    expect(sane.headers['x-request-id']).toBe('trace-1:2.3_4');
    for (const id of ['a b', 'x'.repeat(200), '{"a":1}']) {
      const answer = await api.ask('GET', '/healthz', { headers: { 'x-request-id': id } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('each answer has its line in the log, with ids and without the query', async () => {
    await api.ask('GET', '/v1/syncs?connector=private-word', { headers: { 'x-request-id': 'logged' } });
    const line = api.log.find((entry) => entry.includes('"requestId":"logged"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      method: 'GET',
      path: '/v1/syncs',
      status: 200,
      route: '/v1/syncs',
    });
    expect(line).not.toContain('private-word');
  });
});
