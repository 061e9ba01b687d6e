import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { QueueUnavailableError } from '@tidemark/queue';
import { type Harness, openHarness, shopBody } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

test('O4 no token, key or Authorization header gets into an answer, the log or a readable row', async () => {
  const token = 'token-that-must-not-leak';
  const replacement = 'second-token-that-must-not-leak';
  const answers: string[] = [];
  const ask: Harness['ask'] = async (...request) => {
    const answer = await api.ask(...request);
    answers.push(answer.body + JSON.stringify(answer.headers));
    return answer;
  };
  const body = shopBody({ credentials: { token } });
  const created = await ask('POST', '/v1/connections', { body, headers: { 'idempotency-key': 'leak' } });
  const { id } = created.json();
  await ask('POST', '/v1/connections', { body, headers: { 'idempotency-key': 'leak' } });
  await ask('POST', '/v1/connections', { body });
  await ask('POST', '/v1/connections', { body: { ...body, config: { shopId: 'x' } } });
  await ask('POST', '/v1/connections', { body: { ...body, credentials: { token, extra: token } } });
  await ask('POST', '/v1/connections', {
    body: `{"credentials": {"token": "${token}"`,
    headers: { 'content-type': 'application/json' },
  });
  await ask('GET', `/v1/connections/${id}`);
  await ask('GET', '/v1/connections');
  await ask('PATCH', `/v1/connections/${id}`, { body: { credentials: { token: replacement } } });
  api.queue.failure = new QueueUnavailableError('add');
  await ask('POST', `/v1/connections/${id}/syncs`);
  api.queue.failure = null;

  // A statement that fails while it holds the secret: the driver's error must not bring it into the log.
  await api.db.sql`ALTER TABLE connections ADD CONSTRAINT no_more CHECK (name <> 'forbidden')`;
  const failed = await ask('POST', '/v1/connections', {
    body: shopBody({ name: 'forbidden', credentials: { token } }),
  });
  expect(failed.statusCode).toBe(500);
  await ask('GET', '/v1/syncs', { key: 'tm_wrong-key-that-must-not-leak' });

  const log = api.log.join('\n');
  expect(log).toContain('no_more');
  const rows = await api.db.sql`
    SELECT c::text AS row FROM connections c UNION ALL SELECT i::text FROM idempotency_keys i
    UNION ALL SELECT o::text FROM outbox o UNION ALL SELECT k::text FROM api_keys k`;
  const everything = [...answers, log, ...rows.map((row) => row.row)].join('\n');
  for (const secret of [token, replacement, api.admin, 'tm_wrong-key', 'Bearer tm_']) {
    expect(everything).not.toContain(secret);
  }
});
