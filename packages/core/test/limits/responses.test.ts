import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isResponseNews,
  observeResponses,
  type ResponseTimes,
  responseSlowdown,
  SLOWEST_FACTOR,
  slowdownOf,
  spacingMs,
} from '../../src/limits/index.ts';

const USUAL: ResponseTimes = { recentMs: 300, usualMs: 300 };
const budget = { maxCalls: 20, perSeconds: 2, usedShare: null };

/** One answer after the other, a second apart. */
function after(from: ResponseTimes | null, times: readonly number[]): ResponseTimes {
  const last = times.reduce<ResponseTimes | null>((known, ms) => observeResponses(known, [ms], 1_000), from);
  if (last === null) throw new Error('no answer was given');
  return last;
}

const same = (ms: number, count: number) => Array.from({ length: count }, () => ms);
const anyTimes = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('spacing by response times', () => {
  test('E19: slower answers widen it, and quick ones bring it back', () => {
    const slow = after(USUAL, same(2_400, 20));
    expect(spacingMs({ ...budget, responses: slow })).toBeGreaterThan(3 * spacingMs(budget));
    const quick = after(slow, same(300, 20));
    expect(spacingMs({ ...budget, responses: quick })).toBe(spacingMs(budget));
  });

  test('the slower the answers, the wider, up to a bound; never closer than the budget', () => {
    const factor = (ms: number) => responseSlowdown(after(USUAL, same(ms, 30)));
    expect([factor(100), factor(300), factor(500)]).toEqual([1, 1, 1]);
    expect(factor(1_200)).toBeGreaterThan(1.5);
    expect(factor(1_800)).toBeGreaterThan(factor(1_200));
    fc.assert(
      fc.property(anyTimes, anyTimes, (before, now) => {
        const found = responseSlowdown(after(after(null, before), now));
        expect(found).toBeGreaterThanOrEqual(1);
        expect(found).toBeLessThanOrEqual(SLOWEST_FACTOR);
      }),
    );
  });

  test('steady traffic of quick and slower calls is not slowed: it is what is usual', () => {
    const mixed = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 900 : 300));
    let known = observeResponses(null, [300], 0);
    for (const ms of mixed) {
      known = observeResponses(known, [ms], 2_000);
      expect(responseSlowdown(known)).toBe(1);
    }
  });

  test('one call that hangs is forgotten after a few good ones', () => {
    const hung = after(USUAL, [60_000]);
    expect(responseSlowdown(hung)).toBeGreaterThan(1);
    expect(responseSlowdown(after(hung, same(300, 5)))).toBe(1);
  });

  test('a source that stays slow is taken as it is within half an hour', () => {
    const slow = after(USUAL, same(2_400, 20));
    expect(responseSlowdown(slow)).toBeGreaterThan(3);
    const settled = after(slow, same(2_400, 1_800));
    expect(responseSlowdown(settled)).toBe(1);
  });

  test('quick answers are all the same', () => {
    expect(responseSlowdown(after({ recentMs: 2, usualMs: 2 }, same(450, 30)))).toBe(1);
  });

  test('after a long pause neither the recent time nor the usual one is made of one answer', () => {
    const slow = { recentMs: 4_000, usualMs: 300 };
    const next = observeResponses(slow, [300], 3_600_000);
    expect(next?.recentMs).toBe(300);
    const first = observeResponses(USUAL, [3_000], 86_400_000);
    expect(first?.usualMs).toBeLessThan(600);
  });

  test('of usage and response times the stronger one counts', () => {
    const slow = { recentMs: 3_000, usualMs: 300 };
    expect(slowdownOf({ usedShare: null, responses: null })).toEqual({ factor: 1, by: null });
    expect(slowdownOf({ usedShare: 0.6, responses: slow })).toEqual({ factor: 4, by: 'responses' });
    expect(slowdownOf({ usedShare: 0.95, responses: slow })).toEqual({ factor: 10, by: 'usage' });
  });
});

describe('what is worth a write', () => {
  test('the first answers, a difference that matters, and now and then the rest', () => {
    const near = { recentMs: 310, usualMs: 300 };
    expect(isResponseNews(null, USUAL, 0)).toBe(true);
    expect(isResponseNews(USUAL, near, 1_000)).toBe(false);
    expect(isResponseNews(USUAL, near, 10_000)).toBe(true);
    expect(isResponseNews(USUAL, { recentMs: 400, usualMs: 300 }, 0)).toBe(true);
    expect(isResponseNews(USUAL, null, 60_000)).toBe(false);
    expect(observeResponses(null, [], 0)).toBeNull();
  });
});
