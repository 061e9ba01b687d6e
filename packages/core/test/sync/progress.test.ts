import { describe, expect, test } from '@jest/globals';
import { addCounts, NO_RECORDS, progressOf, reconciles } from '@tidemark/core/sync';

const records = {
  ...NO_RECORDS,
  read: 1200,
  inserted: 900,
  updated: 40,
  skipped: 250,
  stale: 2,
  quarantined: 8,
};
const base = { pages: 12, apiCalls: 14, records, startedAtMs: 10_000, untilMs: 14_000 };

describe('progress', () => {
  test('C3 rate, percent and remaining time where the source tells a total', () => {
    const progress = progressOf({ ...base, total: 5000 });
    expect(progress).toMatchObject({ percent: 24, recordsPerSecond: 300, etaSeconds: 13 });
  });

  test('C3 nothing is guessed where it does not', () => {
    const progress = progressOf({ ...base, total: null });
    expect(progress).toMatchObject({ total: null, percent: null, etaSeconds: null, recordsPerSecond: 300 });
  });

  test('a sync that has not started has no rate', () => {
    expect(progressOf({ ...base, total: 10, startedAtMs: null })).toMatchObject({
      recordsPerSecond: null,
      etaSeconds: null,
    });
  });

  test('a source that grew while it was walked is not more than complete; an empty one is', () => {
    expect(progressOf({ ...base, total: 1000 })).toMatchObject({ percent: 100, etaSeconds: 0 });
    expect(progressOf({ ...base, records: NO_RECORDS, total: 0 }).percent).toBe(100);
  });
});

test('I7 counts reconcile, also when added up', () => {
  expect(reconciles(records)).toBe(true);
  expect(reconciles(addCounts(records, records))).toBe(true);
  expect(reconciles({ ...records, read: 1201 })).toBe(false);
});
