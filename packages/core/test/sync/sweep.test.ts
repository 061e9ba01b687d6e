import { describe, expect, test } from '@jest/globals';
import { needsApproval, SWEEP_SHARE_MAX } from '@tidemark/core/sync';

describe('the guard of a sweep', () => {
  test.each([
    ['nothing to delete', 0, 100, SWEEP_SHARE_MAX, false],
    ['just the share', 20, 100, SWEEP_SHARE_MAX, false],
    ['one more than the share', 21, 100, SWEEP_SHARE_MAX, true],
    ['40 % of five', 2, 5, SWEEP_SHARE_MAX, true],
    ['a single one of three', 1, 3, SWEEP_SHARE_MAX, false],
    ['the only one there is', 1, 1, SWEEP_SHARE_MAX, true],
    ['all of them, under a generous share', 10, 10, 0.99, true],
    ['all of them, where nobody wants to be asked', 10, 10, 1, false],
    ['one of many, where somebody always wants to be asked', 1, 1_000, 0, true],
    ['nothing, where somebody always wants to be asked', 0, 1_000, 0, false],
  ])('of %s: %d of %d at %d asks: %s', (_, wouldDelete, of, shareMax, asks) => {
    expect(needsApproval({ wouldDelete, of, shareMax })).toBe(asks);
  });
});
