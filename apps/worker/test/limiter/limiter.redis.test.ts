import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../../../../test/support/eventually.ts';
import {
  callsWithoutSlot,
  mostInWindow,
  SLOTS_CLIENT,
  watchLimiterSlots,
} from '../../../../test/support/limiter-slots.ts';
import { sharedRedisUrl, startRedis, type TestRedis } from '../../../../test/support/redis.ts';
import type { PoolSettings } from '../../src/limiter/index.ts';
import { Bench, expectSpaced, poolOf } from './harness.ts';
import { limiterSuite } from './limiter-suite.ts';

let shared = '';
beforeAll(async () => {
  shared = await sharedRedisUrl();
});

describe('over Redis', () => {
  limiterSuite(() => new Bench({ redisUrl: shared, prefix: `test-${randomUUID()}` }));
});

describe('two limiters over one Redis', () => {
  let one: Bench;
  let two: Bench;
  beforeEach(() => {
    const place = { redisUrl: shared, prefix: `test-${randomUUID()}` };
    one = new Bench(place);
    two = new Bench(place);
  });
  afterEach(() => Promise.all([one.limiter.stop(), two.limiter.stop()]));

  test('E18: share one budget', async () => {
    const pool = poolOf({ maxCalls: 20, perSeconds: 2 });
    const asked = performance.now();
    const calls = Array.from({ length: 24 }, (_value, index) => (index % 2 === 0 ? one : two).call(pool));
    expectSpaced(asked, await Promise.all(calls), 104);
  });

  test('share the number of calls at once', async () => {
    const pool = poolOf({ maxCalls: 100, maxConcurrent: 1 });
    const release = await one.hold(pool);
    await two.refused(pool, 'concurrency');
    release();
    await two.hold(pool);
  });

  test('follow the settings that came last', async () => {
    const slow = poolOf({ maxCalls: 1, perSeconds: 60 });
    const fast = { ...slow, maxCalls: 20, perSeconds: 2 };
    await one.call(slow);
    await two.refused(slow, 'rate');
    await two.callSoon(fast);
    await one.callSoon(fast);
    await one.refused(slow, 'rate');
    await two.refused(slow, 'rate');
  });
});

describe('when Redis forgets', () => {
  let redis: TestRedis;
  let admin: Redis;
  let bench: Bench;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    bench = new Bench({ redisUrl: redis.url });
    admin = new Redis(redis.url, { disconnectTimeout: 100 });
  });
  afterEach(async () => {
    admin.disconnect();
    await bench.limiter.stop();
  });
  afterAll(() => redis.stop());

  losses(
    () => bench,
    () => redis,
    () => admin,
  );

  test('E4: while Redis is away there are no tickets, and nobody waits for it; afterwards there are again', async () => {
    const pool = poolOf();
    await bench.call(pool);
    await redis.kill();
    const asked = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => bench.ask(pool)));
    expect(performance.now() - asked).toBeLessThan(30_000);
    expect(answers.filter((ticket) => ticket.granted)).toEqual([]);
    await redis.restart();
    await bench.call(pool);
  });

  test('opened while Redis is away: refused, and granted once it is there', async () => {
    await redis.kill();
    const late = new Bench({ redisUrl: redis.url });
    const pool = poolOf();
    expect(await late.ask(pool)).toMatchObject({ granted: false });
    await redis.restart();
    await late.call(pool);
    await late.limiter.stop();
  });
});

/** Ends every connection but those of the test itself, as a firewall or an operator does. */
async function killConnections(admin: Redis): Promise<void> {
  const clients = String(await admin.client('LIST'))
    .trim()
    .split('\n');
  const own = await admin.client('ID');
  for (const client of clients) {
    const id = /\bid=(\d+)/.exec(client)?.[1] ?? '';
    const isOurs = id === String(own) || client.includes(`name=${SLOTS_CLIENT}`);
    if (!isOurs) await admin.client('KILL', 'ID', id);
  }
}

function losses(bench: () => Bench, redis: () => TestRedis, admin: () => Redis): void {
  const forget = async ({ pool }: PoolSettings, suffix = ''): Promise<unknown> => {
    const keys = await admin().keys(`b_*{${pool}}*${suffix}`);
    return await admin().del(keys);
  };
  const all: [string, (pool: PoolSettings) => Promise<unknown>][] = [
    ['FLUSHALL', () => redis().flush()],
    ['its settings key is deleted', (pool) => forget(pool, '_settings')],
    ['all its keys are deleted', (pool) => forget(pool)],
    ['the client is forgotten', (pool) => forget(pool, '_last_seen')],
    ['the scripts are flushed', () => admin().script('FLUSH')],
    ['all connections are killed', () => killConnections(admin())],
  ];
  test.each(all)('E4: %s: calls go on, and the rate holds', async (_name, lose) => {
    const pool = poolOf({ maxCalls: 20, perSeconds: 2 });
    const slots = await watchLimiterSlots(redis().url, pool.pool);
    const times: number[] = [];
    const callers = Array.from({ length: 10 }, async () => {
      for (let calls = 0; calls < 3; calls += 1) {
        await bench().call(pool);
        times.push(Date.now());
      }
    });
    await eventually(() => expect(times.length).toBeGreaterThan(8));
    await lose(pool);
    await Promise.all(callers);
    slots.close();
    const due = slots.booked.map(({ dueAt }) => dueAt);
    expect(mostInWindow(due, 2_000)).toBeLessThanOrEqual(20);
    expect(callsWithoutSlot(times, slots.booked)).toEqual([]);
  });
}
