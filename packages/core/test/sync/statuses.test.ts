import { describe, expect, test } from '@jest/globals';
import {
  isTerminal,
  LIVE_STATUSES,
  legalPairs,
  parseSyncStatus,
  SYNC_EVENTS,
  SYNC_STATUSES,
  SYNC_TRANSITIONS,
  transition,
} from '@tidemark/core/sync';

describe('the transition table', () => {
  test('I1 terminal statuses refuse every event, live ones do not', () => {
    const terminal = SYNC_STATUSES.filter((status) => isTerminal(status));
    expect(terminal).toEqual(['completed', 'failed', 'cancelled']);
    for (const status of terminal) {
      for (const event of SYNC_EVENTS) expect(transition(status, event)).toBe('reject');
    }
    expect(new Set([...LIVE_STATUSES, ...terminal])).toEqual(new Set(SYNC_STATUSES));
  });

  test('C2 every cell is decided', () => {
    for (const status of SYNC_STATUSES) {
      expect(new Set(Object.keys(SYNC_TRANSITIONS[status]))).toEqual(new Set(SYNC_EVENTS));
    }
  });

  test('the legal pairs are those of the documentation', () => {
    expect(legalPairs().map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'queued > running',
      'queued > paused',
      'queued > failed',
      'queued > cancelled',
      'running > paused',
      'running > completed',
      'running > failed',
      'running > cancelled',
      'paused > running',
      'paused > cancelled',
    ]);
  });

  test('a sync that is paused writes nothing, whatever its worker still reports', () => {
    expect(transition('paused', 'pageCommitted')).toBe('reject');
    expect(transition('paused', 'lastPageCommitted')).toBe('reject');
    expect(transition('paused', 'attemptsExhausted')).toBe('reject');
  });

  test('C1 old words are read and never produced', () => {
    expect(parseSyncStatus('in_progress')).toBe('running');
    expect(parseSyncStatus('complete')).toBe('completed');
    expect(parseSyncStatus('running')).toBe('running');
    for (const word of ['', 'idle', 'RUNNING', '__proto__', 'constructor']) {
      expect(parseSyncStatus(word)).toBeUndefined();
    }
    expect(SYNC_STATUSES as readonly string[]).not.toContain('in_progress');
    expect(SYNC_STATUSES as readonly string[]).not.toContain('complete');
  });
});
