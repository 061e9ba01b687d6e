import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidBudgetError, jitterMarginMs, spacingMs } from '../../src/limits/index.ts';
import { SEEDED } from '../../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

const budget = { maxCalls: 20, perSeconds: 2, usedShare: null };

describe('spacingMs', () => {
  test('E18: one call more than the budget spans the window and its margin', () => {
    expect(spacingMs(budget)).toBeCloseTo(104);
    expect(spacingMs({ ...budget, maxCalls: 1, perSeconds: 1 })).toBeCloseTo(1_040);
  });

  test('spends at least 95 % of any budget while it is free', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 86_400 }),
        fc.double({ min: 0, max: 0.499, noNaN: true }),
        (maxCalls, perSeconds, usedShare) => {
          const spacing = spacingMs({ maxCalls, perSeconds, usedShare });
          expect((perSeconds * 1_000) / spacing / maxCalls).toBeGreaterThan(0.95);
          expect(spacing * maxCalls).toBeGreaterThan(perSeconds * 1_000);
        },
      ),
    );
  });

  test('the margin does not grow with windows of hours', () => {
    expect(jitterMarginMs(2)).toBeCloseTo(80);
    expect(jitterMarginMs(3_600)).toBe(2_000);
  });

  test.each([
    [null, 104],
    [0, 104],
    [0.49, 104],
    [0.5, 104],
    [0.75, 208],
    [0.8, 260],
    [0.9, 1_040],
    [0.99, 1_040],
    [1, 2_080],
    [7, 2_080],
  ])('E19: with %p of the budget used, %p ms', (usedShare, expected) => {
    expect(spacingMs({ ...budget, usedShare })).toBeCloseTo(expected);
  });

  test('never gets faster as more is used', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (a, b) => {
          const [less, more] = a < b ? [a, b] : [b, a];
          expect(spacingMs({ ...budget, usedShare: more })).toBeGreaterThanOrEqual(
            spacingMs({ ...budget, usedShare: less }),
          );
        },
      ),
    );
  });

  test('a share that is no number is taken for none', () => {
    expect(spacingMs({ ...budget, usedShare: Number.NaN })).toBeCloseTo(104);
  });

  test.each([
    { maxCalls: 0, perSeconds: 1 },
    { maxCalls: 1, perSeconds: 0 },
    { maxCalls: Number.NaN, perSeconds: 1 },
    { maxCalls: 1, perSeconds: Number.POSITIVE_INFINITY },
  ])('refuses a budget that cannot be spent: %p', (invalid) => {
    expect(() => spacingMs({ ...invalid, usedShare: null })).toThrow(InvalidBudgetError);
  });
});
