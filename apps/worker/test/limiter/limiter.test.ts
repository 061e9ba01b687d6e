import { describe, expect, test } from '@jest/globals';
import { Bench, poolOf } from './harness.ts';
import { limiterSuite } from './limiter-suite.ts';

describe('in one process', () => {
  limiterSuite(() => new Bench());
});

test('a call that is never released counts as ended some seconds after its timeout, and is reported', async () => {
  const bench = new Bench({ callTimeoutMs: 100 });
  const pool = poolOf({ maxConcurrent: 1 });
  await bench.hold(pool);
  expect(await bench.ask(pool)).toMatchObject({ granted: false });
  await bench.hold(pool);
  expect(bench.logger.lines[0]).toContain('held its place');
  await bench.limiter.stop();
});

test('a process that uses ever new pools goes on doing so', async () => {
  const bench = new Bench();
  for (let index = 0; index < 300; index += 1) {
    await bench.call(poolOf());
  }
  await bench.limiter.stop();
});
