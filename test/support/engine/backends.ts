import { createTestDatabase } from '../postgres.ts';
import { startRedis, type TestRedis } from '../redis.ts';

/** Where BullMQ keeps its jobs. Everything of the engine is tested on both. */
export const BACKENDS = ['redis', 'postgres'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** A database and, when the queue is there, a Redis that nobody else uses. */
export interface TestServices {
  databaseUrl: string;
  redisUrl?: string;
  redis?: TestRedis;
  end(): Promise<void>;
}

/** Services for one engine under test; they end with `end`, or with the test run. */
export async function startServices(backend: BackendName): Promise<TestServices> {
  const database = await createTestDatabase();
  const end = () => database.drop();
  if (backend === 'postgres') return { databaseUrl: database.url, end };
  const redis = await startRedis();
  return {
    databaseUrl: database.url,
    redisUrl: redis.url,
    redis,
    end: async () => {
      await redis.kill();
      await end();
    },
  };
}
