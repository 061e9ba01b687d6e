import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { installSteppedClock } from '../../../../test/support/engine/stepped-clock.ts';
import { sharedRedisUrl } from '../../../../test/support/redis.ts';
import { Bench, expectSpaced, poolOf } from './harness.ts';

let step: (byMs: number) => void;
let redisUrl = '';
beforeAll(async () => {
  redisUrl = await sharedRedisUrl();
  step = installSteppedClock();
});

const HOUR_MS = 3_600_000;
const SPACING_MS = 100;
let steppedMs = 0;
const setClock = (byMs: number): void => {
  steppedMs += byMs;
  step(byMs);
};
afterEach(() => setClock(-steppedMs));

describe.each([
  ['in one process', () => new Bench()],
  ['over Redis', () => new Bench({ redisUrl, prefix: `test-${randomUUID()}` })],
])('E18 %s, a clock that is set neither holds up a pool nor lets a call come early', (_place, openBench) => {
  test.each([
    ['back', -HOUR_MS],
    ['back by less than a second', -700],
    ['forward', HOUR_MS],
    ['forward by less than a spacing', 60],
  ])('%s', async (_way, byMs) => {
    const bench = openBench();
    const pool = poolOf();
    const askedAt = performance.now();
    const times = [await bench.call(pool)];
    setClock(byMs);
    const ticket = await bench.ask(pool, 30_000);
    expect(ticket.granted).toBe(true);
    times.push(performance.now());
    if (ticket.granted) ticket.release();
    times.push(await bench.call(pool), await bench.call(pool));
    expectSpaced(askedAt, times, SPACING_MS);
    await bench.limiter.stop();
  });

  test.each([0, 1, 2, 3, 4, 6, 9, 13])(
    'back while a pool takes over other settings, %i turns of the event loop in',
    async (turns) => {
      const bench = openBench();
      const pool = poolOf();
      await bench.call(pool);
      const asked = bench.ask({ ...pool, maxCalls: 10 }, 30_000);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      setClock(-HOUR_MS);
      expect((await asked).granted).toBe(true);
      await bench.limiter.stop();
    },
  );
});
