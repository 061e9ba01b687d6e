import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { openStream } from './event-reader.ts';
import { connectShop, moveSync, openHarness, startOne } from './harness.ts';

test('without notifications the poll finds the events', async () => {
  const api = await openHarness({ events: { pollMs: 50 } });
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  await api.db.sql`ALTER TABLE sync_events DISABLE TRIGGER sync_events_notify`;
  const syncId = await startOne(api, await connectShop(api));
  const stream = await openStream(url, syncId, api.admin);
  await stream.until(({ event }) => event === 'progress');
  await moveSync(api.db, syncId, 'cancelled');
  expect((await stream.rest()).at(-1)?.event).toBe('done');
  await api.close();
});

test('heartbeats are comments; a revoked key ends the stream with one', async () => {
  const api = await openHarness({ events: { heartbeatMs: 30 }, keyCacheMs: 1 });
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const syncId = await startOne(api, await connectShop(api));
  const created = (await api.ask('POST', '/v1/keys', { body: { name: 'n', scopes: ['syncs:read'] } })).json();
  const stream = await openStream(url, syncId, created.key);
  await stream.until(({ event }) => event === 'progress');
  await api.ask('DELETE', `/v1/keys/${created.id}`);
  const events = await stream.rest();
  expect(stream.text()).toContain(': heartbeat\n\n');
  expect(stream.text()).toContain(': the key was revoked\n\n');
  expect(events.map(({ event }) => event)).toEqual(['transition', 'progress']);
  await api.close();
});

test('a stop ends open streams with a comment, and the client goes on elsewhere from where it was', async () => {
  const api = await openHarness();
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const syncId = await startOne(api, await connectShop(api));
  const stream = await openStream(url, syncId, api.admin);
  const before = await stream.until(({ event }) => event === 'progress');
  await api.app.close();
  expect(await stream.rest()).toHaveLength(before.length);
  expect(stream.text()).toContain(': the server is stopping\n\n');

  const second = api.another();
  const secondUrl = await second.listen({ port: 0, host: '127.0.0.1' });
  await moveSync(api.db, syncId, 'cancelled');
  const rest = await (await openStream(secondUrl, syncId, api.admin, before.at(-1)?.id)).rest();
  expect(rest.map(({ event }) => event)).toEqual(['transition', 'done']);
  await api.close();
});

test('a stop does not wait for connections on which nothing was asked', async () => {
  const api = await openHarness();
  const url = new URL(await api.app.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  await (await fetch(`${url}healthz`)).text();
  const ended = once(socket, 'close');
  await api.app.close();
  await ended;
  await api.close();
});

test('a stop lets a request under way finish', async () => {
  const api = await openHarness();
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const connectionId = await connectShop(api);
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  api.queue.add = () => {
    entered.resolve();
    return release.promise;
  };
  const answer = fetch(`${url}/v1/connections/${connectionId}/syncs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.admin}` },
  });
  await entered.promise;
  const closing = api.app.close();
  release.resolve();
  expect((await answer).status).toBe(202);
  await closing;
  await api.close();
});
