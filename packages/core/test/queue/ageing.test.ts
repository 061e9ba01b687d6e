import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AGEING_STEP_MS,
  agedRank,
  FIRST_RANK,
  LAST_RANK,
  PRIORITIES,
  priorityRank,
  TRIGGERS,
} from '../../src/queue/index.ts';

const wish = fc.record({
  trigger: fc.constantFrom(...TRIGGERS),
  priority: fc.constantFrom(...PRIORITIES),
  backfill: fc.boolean(),
});

describe('the rank of a page', () => {
  test('E21: webhook before manual before scheduled before backfill', () => {
    const ranks = [
      priorityRank({ trigger: 'webhook', priority: 'normal', backfill: false }),
      priorityRank({ trigger: 'api', priority: 'normal', backfill: false }),
      priorityRank({ trigger: 'schedule', priority: 'normal', backfill: false }),
      priorityRank({ trigger: 'schedule', priority: 'normal', backfill: true }),
    ];
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(4);
  });

  test('lies between the first and the last one, and both exist', () => {
    fc.assert(
      fc.property(wish, (input) => {
        const rank = priorityRank(input);
        expect(rank).toBeGreaterThanOrEqual(FIRST_RANK);
        expect(rank).toBeLessThanOrEqual(LAST_RANK);
      }),
    );
    expect(priorityRank({ trigger: 'webhook', priority: 'high', backfill: false })).toBe(FIRST_RANK);
    expect(priorityRank({ trigger: 'schedule', priority: 'low', backfill: true })).toBe(LAST_RANK);
  });

  test('L9 a page that waits is put forward with time, never back, and is first after a minute', () => {
    fc.assert(
      fc.property(wish, fc.nat(120_000), fc.nat(120_000), (input, waitedMs, moreMs) => {
        const rank = priorityRank(input);
        expect(agedRank(rank, 0)).toBe(rank);
        expect(agedRank(rank, waitedMs + moreMs)).toBeLessThanOrEqual(agedRank(rank, waitedMs));
        expect(agedRank(rank, 60_000 + moreMs)).toBe(FIRST_RANK);
      }),
    );
    expect(agedRank(LAST_RANK, AGEING_STEP_MS)).toBe(LAST_RANK - 1);
    expect(agedRank(LAST_RANK, (LAST_RANK - FIRST_RANK) * AGEING_STEP_MS)).toBe(FIRST_RANK);
    expect((LAST_RANK - FIRST_RANK) * AGEING_STEP_MS).toBe(60_000);
    expect(agedRank(5, -1)).toBe(5);
  });
});
