import { describe, expect, test } from '@jest/globals';
import {
  type ConnectionFacts,
  GAP_RETRY_SECONDS,
  gapOf,
  isQuiet,
  LATE_SECONDS,
  QUIET_SECONDS,
} from '@tidemark/core/subscriptions';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const QUIET: ConnectionFacts = {
  owed: null,
  quietSeconds: QUIET_SECONDS,
  inboxBehind: false,
  storedUntilMs: NOON,
  filledUntilMs: null,
  unfilledSeconds: null,
};
const LATE_MS = LATE_SECONDS * 1_000;
/** Something a minute newer than what is stored, long enough ago. */
const NEWS = { newestMs: NOON + 60_000, answeredAtMs: NOON + 60_000 + LATE_MS };

describe('M26 when a gap is assumed', () => {
  test('a silence is one only while the source has something newer than what is stored', () => {
    expect(gapOf(QUIET, NEWS)).toBe('silence');
    expect(gapOf(QUIET, { ...NEWS, newestMs: NOON })).toBeNull();
    expect(gapOf(QUIET, { ...NEWS, newestMs: null })).toBeNull();
    expect(gapOf({ ...QUIET, storedUntilMs: null }, NEWS)).toBe('silence');
  });

  test('what just happened may still be on its way', () => {
    expect(gapOf(QUIET, { ...NEWS, answeredAtMs: NEWS.answeredAtMs - 1 })).toBeNull();
  });

  test('a source that told something lately is not asked, nor one whose deliveries wait in the inbox', () => {
    const heard = { ...QUIET, quietSeconds: QUIET_SECONDS - 1 };
    const behind = { ...QUIET, inboxBehind: true };
    const unwatched = { ...QUIET, quietSeconds: null };
    for (const facts of [heard, behind, unwatched]) {
      expect(isQuiet(facts)).toBe(false);
      expect(gapOf(facts, NEWS)).toBeNull();
    }
    expect(isQuiet(QUIET)).toBe(true);
  });

  test('what the last gap sync was started for is no silence again, whether that sync found it or not', () => {
    expect(gapOf({ ...QUIET, filledUntilMs: NEWS.newestMs }, NEWS)).toBeNull();
    expect(gapOf({ ...QUIET, filledUntilMs: NEWS.newestMs - 1 }, NEWS)).toBe('silence');
  });

  test('a debt comes before everything else, and a failed gap sync is repeated after a while', () => {
    expect(gapOf({ ...QUIET, owed: 'unsubscribed', quietSeconds: 0 }, null)).toBe('unsubscribed');
    const failed = { ...QUIET, quietSeconds: 0, unfilledSeconds: GAP_RETRY_SECONDS };
    expect(gapOf(failed, null)).toBe('retry');
    expect(gapOf({ ...failed, unfilledSeconds: GAP_RETRY_SECONDS - 1 }, null)).toBeNull();
  });
});
