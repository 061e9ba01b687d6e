import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { installSteppedClock } from '../../../../test/support/engine/stepped-clock.ts';
import { Bench, expectSpaced, poolOf } from './harness.ts';

let step: (byMs: number) => void;
beforeAll(() => {
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

test.each([
  ['back', -HOUR_MS],
  ['back by less than a second', -700],
  ['forward', HOUR_MS],
  ['forward by less than a spacing', 60],
])('E18 a clock that is set %s neither holds up a pool nor lets a call come early', async (_way, byMs) => {
  const bench = new Bench();
  const pool = poolOf();
  const times = [await bench.call(pool)];
  setClock(byMs);
  // Asked for at once: without a slot of its own within a second each would be sent away.
  const askedAt = performance.now();
  const release = await bench.ask(pool, 5_000);
  expect(release.granted).toBe(true);
  times.push(performance.now());
  if (release.granted) release.release();
  times.push(await bench.call(pool), await bench.call(pool));
  expectSpaced(Math.min(askedAt, times[0] ?? askedAt), times, SPACING_MS);
  await bench.limiter.stop();
});
