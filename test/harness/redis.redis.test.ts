import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { sharedRedisUrl, startRedis } from '../support/redis.ts';

const clients: Redis[] = [];

function connect(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  // A connection that breaks is what these tests are about.
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

test('the shared Redis answers', async () => {
  expect(await connect(await sharedRedisUrl()).ping()).toBe('PONG');
});

test('a Redis with an append-only file keeps its data when killed', async () => {
  const redis = await startRedis({ persistence: 'aof' });
  const client = connect(redis.url);
  await client.set('key', 'value');
  await redis.kill();
  await redis.restart();
  expect(await client.get('key')).toBe('value');
  await redis.flush();
  expect(await client.get('key')).toBeNull();
});

test('a Redis without persistence comes back empty on the same port', async () => {
  const redis = await startRedis();
  const client = connect(redis.url);
  await client.set('key', 'value');
  await redis.restart();
  expect(await client.get('key')).toBeNull();
});
