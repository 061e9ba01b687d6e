import { expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { startPostgresServer } from '../../../test/support/postgres-server.ts';
import { openStream } from './event-reader.ts';
import { connectShop, moveSync, openHarness, startOne } from './harness.ts';

test('while PostgreSQL is away requests get 503 with Retry-After, and all is well when it is back', async () => {
  const server = await startPostgresServer();
  const api = await openHarness(
    { events: { pollMs: 600_000 }, keyCacheMs: 1 },
    { url: server.url, drop: () => server.stop() },
  );
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const connectionId = await connectShop(api);
  const syncId = await startOne(api, connectionId);
  const stream = await openStream(url, syncId, api.admin);
  await stream.until(({ event }) => event === 'progress');

  await server.kill();
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    for (const [method, path] of [
      ['GET', '/v1/syncs'],
      ['GET', `/v1/syncs/${syncId}`],
      ['POST', `/v1/connections/${connectionId}/syncs`],
    ] as const) {
      const answer = await api.ask(method, path);
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 503, 'service_unavailable']);
      expect(answer.headers['retry-after']).toBe('2');
    }
  }
  const unready = await api.ask('GET', '/readyz', { key: null });
  expect([unready.statusCode, unready.json().ready]).toEqual([503, false]);
  expect((await api.ask('GET', '/healthz', { key: null })).statusCode).toBe(200);

  await server.start();
  await eventually(async () => expect((await api.ask('GET', `/v1/syncs/${syncId}`)).statusCode).toBe(200));
  await eventually(async () => expect((await api.ask('GET', '/readyz', { key: null })).statusCode).toBe(200));
  // The stream stayed open; it is woken when listening is in place again, and misses nothing.
  await moveSync(api.db, syncId, 'running');
  await moveSync(api.db, syncId, 'cancelled');
  const events = await stream.rest();
  expect(events.filter(({ event }) => event === 'transition').map(({ data }) => data.to)).toEqual([
    'queued',
    'running',
    'cancelled',
  ]);
  expect(events.at(-1)?.event).toBe('done');

  await server.restart('fast');
  await eventually(async () => expect((await api.ask('GET', '/v1/syncs')).statusCode).toBe(200));
  await api.close();
});
