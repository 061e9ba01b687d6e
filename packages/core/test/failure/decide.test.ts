import { describe, expect, test } from '@jest/globals';
import {
  ATTEMPTS_MAX,
  ATTEMPTS_MAX_FEW,
  BACKOFF,
  backoffMs,
  decide,
  FAILURE_KINDS,
  type Failure,
  type FailureKind,
  isRetryable,
  PAUSE_DEFAULT_MS,
  PAUSE_MAX_MS,
} from '@tidemark/core/failure';
import fc from 'fast-check';
import { SEEDED } from '../../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

const failure = (kind: FailureKind, extra: Partial<Failure> = {}): Failure => ({
  kind,
  code: 'source_unavailable',
  message: 'm',
  ...extra,
});
const first = { attempt: 1, random: 0 };

describe('what is done about a failure', () => {
  test('L2 transient faults are retried with growing waits and then given up', () => {
    const kinds = Array.from({ length: ATTEMPTS_MAX }, (_, index) => {
      return decide(failure('transient'), { attempt: index + 1, random: 0.5 }).kind;
    });
    expect(kinds).toEqual([...Array(ATTEMPTS_MAX - 1).fill('retry'), 'setAside']);
    expect(decide(failure('invalidResponse'), { attempt: ATTEMPTS_MAX_FEW, random: 0 }).kind).toBe(
      'setAside',
    );
    expect(decide(failure('invalidResponse'), { attempt: ATTEMPTS_MAX_FEW - 1, random: 0 }).kind).toBe(
      'retry',
    );
  });

  test('L3 a throttled budget waits as long as the source says and spends no attempt, however often', () => {
    const pause = { pool: 'p', forMs: 120_000 };
    const decision = decide(failure('throttled', { pause }), { attempt: 99, random: 0 });
    expect(decision).toEqual({ kind: 'wait', delayMs: 120_000, pausePool: pause });
  });

  test('L3 a pause without a duration has a default, and none is longer than a day', () => {
    const untold = decide(failure('throttled', { pause: { pool: 'p', forMs: null } }), first);
    expect(untold).toMatchObject({ kind: 'wait', delayMs: PAUSE_DEFAULT_MS });
    const absurd = decide(failure('throttled', { pause: { pool: 'p', forMs: 10 ** 12 } }), first);
    expect(absurd).toMatchObject({ delayMs: PAUSE_MAX_MS, pausePool: { pool: 'p', forMs: PAUSE_MAX_MS } });
  });

  test('L4 too much data asks for less at once', () => {
    expect(decide(failure('tooMuchData'), first)).toEqual({ kind: 'shrink' });
  });

  test('credentials and permissions need a person, and are never retried', () => {
    expect(decide(failure('unauthorized'), first)).toEqual({ kind: 'needsReauth' });
    expect(decide(failure('forbidden'), first)).toEqual({ kind: 'needsReauth' });
    expect(isRetryable('unauthorized')).toBe(false);
  });

  test('every kind is decided', () => {
    for (const kind of FAILURE_KINDS) expect(decide(failure(kind), first).kind).toEqual(expect.any(String));
  });
});

describe('backoff', () => {
  test('doubles, keeps at least half of the full wait, and has a cap', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, 1 - Number.EPSILON))).toEqual([
      1000, 2000, 4000, 8000,
    ]);
    expect(backoffMs(3, 0)).toBe(2000);
    expect(backoffMs(1000, 0.999)).toBeLessThanOrEqual(BACKOFF.capMs);
  });

  test('is always within its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 10_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const wait = backoffMs(attempt, random);
          return wait >= BACKOFF.baseMs / 2 && wait <= BACKOFF.capMs;
        },
      ),
    );
  });
});
