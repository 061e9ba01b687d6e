import { describe, expect, test } from '@jest/globals';
import { isStuckLease, STUCK_AFTER_MS, type SyncFacts, stuckSync } from '../../src/sync/index.ts';

const idle: SyncFacts = {
  status: 'running',
  waitsForMs: null,
  quietMs: STUCK_AFTER_MS.untaken + 1,
  lease: null,
};
const held = (heldMs: number) => ({ heldMs, expiredForMs: null });

describe('a sync is stuck', () => {
  test.each<[string, SyncFacts, string | null]>([
    ['that is due and that nobody takes up', idle, 'untaken'],
    ['that was never taken up', { ...idle, status: 'queued' }, 'untaken'],
    ['whose wait is over', { ...idle, waitsForMs: 0 }, 'untaken'],
    ['whose lease ran out', { ...idle, lease: { heldMs: 1, expiredForMs: 1 } }, 'untaken'],
    [
      'that is at one page for too long',
      { ...idle, quietMs: 0, lease: held(STUCK_AFTER_MS.page + 1) },
      'overdue',
    ],
  ])('E20: %s', (_, facts, reason) => {
    expect(stuckSync(facts)?.reason ?? null).toBe(reason);
  });

  test('since the last sign of work, or since its page was taken up', () => {
    expect(stuckSync(idle)?.forMs).toBe(idle.quietMs);
    expect(stuckSync({ ...idle, lease: held(700_000) })?.forMs).toBe(700_000);
  });

  test.each<[string, SyncFacts]>([
    ['is paused', { ...idle, status: 'paused' }],
    ['waits for a known time', { ...idle, waitsForMs: 1, quietMs: -1 }],
    ['was heard of lately', { ...idle, quietMs: STUCK_AFTER_MS.untaken }],
    ['is at a page', { ...idle, lease: held(STUCK_AFTER_MS.page) }],
  ])('but not while it %s', (_, facts) => {
    expect(stuckSync(facts)).toBeNull();
  });

  test('a lease is, that was left behind or is held at one page for too long', () => {
    expect(isStuckLease(held(STUCK_AFTER_MS.page + 1))).toBe(true);
    expect(isStuckLease({ heldMs: 1, expiredForMs: STUCK_AFTER_MS.lease + 1 })).toBe(true);
    expect(isStuckLease(held(1))).toBe(false);
    expect(isStuckLease({ heldMs: STUCK_AFTER_MS.page + 1, expiredForMs: 1 })).toBe(false);
  });
});
