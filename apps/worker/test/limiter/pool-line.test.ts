import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import type { PoolGate, PoolShape, Turn } from '../../src/limiter/gate.ts';
import { LocalGate } from '../../src/limiter/local-gate.ts';
import { PoolLine } from '../../src/limiter/pool-line.ts';
import { monotonicMs } from '../../src/limiter/timing.ts';

/** 20 calls in 2 seconds; so late that a call may start is within the margin for jitter. */
const SHAPE: PoolShape = { spacingMs: 104, maxConcurrent: null, slackMs: 28, canPutOff: true };
const HOUR_MS = 3_600_000;
const { signal } = new AbortController();

/** A gate whose slots come when the test says, and are due `dueInMs` from their booking, in the past if negative. */
function gateByHand(dueInMs: number) {
  const turns: ((turn: Turn) => void)[] = [];
  const seen = { released: 0, putOffs: [] as number[] };
  const gate: PoolGate = {
    look: async () => ({ kind: 'free', waitMs: 0 }),
    book: async (_shape, _maxWaitMs, onTurn) => {
      turns.push(onTurn);
      return { kind: 'booked', dueAt: monotonicMs() + dueInMs, putOffMs: 0 };
    },
    putOff: async (_shape, _booking, ms) => {
      seen.putOffs.push(ms);
    },
    close: () => {},
  };
  const turn = {
    release: () => {
      seen.released += 1;
    },
  };
  return { line: new PoolLine(gate), seen, turns, comes: () => turns.shift()?.(turn) };
}

const inAnHour = () => monotonicMs() + HOUR_MS;

describe('those who wait in line', () => {
  test('get the slots in order of arrival, also those of somebody who left', async () => {
    const { line, turns, comes } = gateByHand(HOUR_MS);
    const leaving = new AbortController();
    const left = line.take(SHAPE, inAnHour(), leaving.signal);
    await eventually(() => expect(turns).toHaveLength(1));
    const next = line.take(SHAPE, inAnHour(), signal);
    await eventually(() => expect(turns).toHaveLength(2));
    leaving.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    comes();
    expect((await next).kind).toBe('taken');
    line.close();
  });
});

describe('a call that starts late', () => {
  test('is made up for by what it is later than the margin', async () => {
    const { line, seen, turns, comes } = gateByHand(-100);
    // A machine that stands still for the rest of the second makes a call too late altogether.
    const slot = await eventually(async () => {
      const taking = line.take(SHAPE, inAnHour(), signal);
      await eventually(() => expect(turns).toHaveLength(1));
      comes();
      const taken = await taking;
      if (taken.kind === 'refused') throw new Error('too late');
      return taken.slot;
    });
    slot.start();
    await eventually(() => expect(seen.putOffs.length).toBeGreaterThan(0));
    expect(Math.min(...seen.putOffs)).toBeGreaterThanOrEqual(100 - SHAPE.slackMs);
  });

  test('puts nobody off when it is on time', async () => {
    const { line, seen, turns, comes } = gateByHand(HOUR_MS);
    const taking = line.take(SHAPE, inAnHour(), signal);
    await eventually(() => expect(turns).toHaveLength(1));
    comes();
    const taken = await taking;
    if (taken.kind === 'taken') taken.slot.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect([taken.kind, seen.putOffs]).toEqual(['taken', []]);
  });

  test.each([
    ['by more than can be put off', SHAPE, -5_000],
    ['in a window too short to put anything off', { ...SHAPE, canPutOff: false }, -100],
  ])('%s does not start, and gives its slot back', async (_name, shape, dueInMs) => {
    const { line, seen, turns, comes } = gateByHand(dueInMs);
    const taking = line.take(shape, inAnHour(), signal);
    await eventually(() => expect(turns).toHaveLength(1));
    comes();
    expect((await taking).kind).toBe('refused');
    expect(seen.released).toBe(1);
  });
});

/** Sums of fractions of milliseconds are not exact. */
const ROUNDING_MS = 0.001;

describe('the slots of a pool in one process', () => {
  let gate: LocalGate;
  afterEach(() => gate.close());

  const book = async (shape = SHAPE) => {
    for (;;) {
      const booking = await gate.book(shape, HOUR_MS, ({ release }) => release());
      if (booking.kind === 'booked') return booking;
    }
  };

  test('E18: lie one spacing apart, without a gap while somebody asks', async () => {
    gate = new LocalGate(SHAPE, HOUR_MS, () => {});
    const due: number[] = [];
    for (let call = 0; call < 50; call += 1) due.push((await book()).dueAt);
    const ahead = due.slice(1).map((at, index) => at - (due[index] ?? at) - SHAPE.spacingMs);
    expect(Math.min(...ahead)).toBeGreaterThan(-ROUNDING_MS);
    expect(due.filter((at, index) => index < 20 && at >= (due[0] ?? 0) + 2_000)).toEqual([]);
  });

  test('come later by what was put off, once for one standstill', async () => {
    gate = new LocalGate(SHAPE, HOUR_MS, () => {});
    const first = await book();
    await gate.putOff(SHAPE, first, 10_000);
    await gate.putOff(SHAPE, first, 9_000);
    const { dueAt } = await book();
    expect(dueAt - first.dueAt - SHAPE.spacingMs).toBeGreaterThan(10_000 - ROUNDING_MS);
    expect(dueAt - first.dueAt).toBeLessThan(19_000);
  });
});
