import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import { Bench, poolOf } from './harness.ts';
import { limiterSuite } from './limiter-suite.ts';

describe('in one process', () => {
  limiterSuite(() => new Bench());
});

test('a call that is never released counts as ended some seconds after its timeout, and is reported', async () => {
  const bench = new Bench({ callTimeoutMs: 100 });
  const pool = poolOf({ maxConcurrent: 1 });
  await bench.ask(pool);
  expect(await bench.ask(pool)).toMatchObject({ granted: false, reason: 'concurrency' });
  await eventually(async () => expect(await bench.ask(pool)).toMatchObject({ granted: true }), {
    timeoutMs: 8_000,
  });
  expect(bench.logger.lines).toEqual([expect.stringContaining('held its place')]);
  await bench.limiter.stop();
});

test('a process that uses ever new pools goes on doing so', async () => {
  const bench = new Bench();
  for (let index = 0; index < 300; index += 1) {
    const ticket = await bench.ask(poolOf());
    expect(ticket.granted).toBe(true);
    if (ticket.granted) {
      ticket.release();
    }
  }
  await bench.limiter.stop();
});
