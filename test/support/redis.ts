import { afterAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { processIdentity } from '../../packages/db/src/embedded/process-identity.ts';
import { ask } from './services/ask.ts';
import { type RedisPersistence, type RedisProcess, startRedisProcess } from './services/redis-process.ts';
import { createTempDirectory } from './temp-directory.ts';
import { requireTier } from './test-tier.ts';

/** A Redis of a test's own, to be killed, restarted and emptied. */
export interface TestRedis {
  /** Stays the same over restarts. */
  url: string;
  port: number;
  /** Ends it; its data stays for `restart` when it persists. */
  stop(): Promise<void>;
  /** SIGKILL; it stays down until `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, stopping it first when it runs. */
  restart(): Promise<void>;
  /** FLUSHALL. */
  flush(): Promise<void>;
}

/** How a test's own Redis is started. */
export interface TestRedisOptions {
  /** `aof` writes every command to disk before it answers. Default `none`: a restart loses everything. */
  persistence?: RedisPersistence;
}

const started: TestRedis[] = [];

afterAll(async () => {
  await Promise.all(started.map((redis) => redis.kill()));
});

/** The address of the Redis that all tests share: use key prefixes or queue names of your own. */
export async function sharedRedisUrl(): Promise<string> {
  requireTier('redis', 'sharedRedisUrl');
  return (await ask('/redis', {})).url;
}

/** Starts a Redis for this test file alone; it is gone at the latest when the file is done. */
export async function startRedis({ persistence = 'none' }: TestRedisOptions = {}): Promise<TestRedis> {
  requireTier('redis', 'startRedis');
  const directory = await createTempDirectory('redis');
  const start = async (port?: number): Promise<RedisProcess> => {
    const running = await startRedisProcess(directory, persistence, port);
    const identity = processIdentity(running.pid);
    if (identity !== undefined) await ask('/guard', { kind: 'process', identity });
    return running;
  };
  let current = await start();
  const { port } = current;
  const url = `redis://127.0.0.1:${port}/0`;
  const redis: TestRedis = {
    url,
    port,
    stop: () => current.end('SIGTERM'),
    kill: () => current.end('SIGKILL'),
    restart: async () => {
      await current.end('SIGTERM');
      current = await start(port);
    },
    flush: () => flush(url),
  };
  started.push(redis);
  return redis;
}

async function flush(url: string): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true });
  try {
    await client.flushall();
  } finally {
    client.disconnect();
  }
}
