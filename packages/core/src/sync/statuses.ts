/** The statuses of a sync, everywhere: database, API, logs. `idle` is said of a connection, never of a sync. */
export const SYNC_STATUSES = ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** What can happen to a sync. Past tense: an event is reported, the table decides what it means. */
export const SYNC_EVENTS = [
  'pickedUp',
  'pageCommitted',
  'lastPageCommitted',
  'attemptFailed',
  'attemptsExhausted',
  'pauseRequested',
  'resumeRequested',
  'cancelRequested',
] as const;
export type SyncEvent = (typeof SYNC_EVENTS)[number];

/** A cell of the table: the next status (which may be the same one), or a refusal. */
export type Next = SyncStatus | 'reject';

/**
 * The total transition table. No `Partial`: a new status or event does not compile until every cell is
 * decided. The database holds the same pairs in a trigger, and a test compares the two. See SPEC.md.
 */
export const SYNC_TRANSITIONS: Readonly<Record<SyncStatus, Readonly<Record<SyncEvent, Next>>>> = {
  queued: {
    pickedUp: 'running',
    pageCommitted: 'reject',
    lastPageCommitted: 'reject',
    attemptFailed: 'queued',
    attemptsExhausted: 'failed',
    pauseRequested: 'paused',
    resumeRequested: 'reject',
    cancelRequested: 'cancelled',
  },
  running: {
    pickedUp: 'running',
    pageCommitted: 'running',
    lastPageCommitted: 'completed',
    attemptFailed: 'running',
    attemptsExhausted: 'failed',
    pauseRequested: 'paused',
    resumeRequested: 'reject',
    cancelRequested: 'cancelled',
  },
  paused: {
    pickedUp: 'reject',
    pageCommitted: 'reject',
    lastPageCommitted: 'reject',
    attemptFailed: 'reject',
    attemptsExhausted: 'reject',
    pauseRequested: 'reject',
    resumeRequested: 'running',
    cancelRequested: 'cancelled',
  },
  completed: refuseAll(),
  failed: refuseAll(),
  cancelled: refuseAll(),
};

/** Terminal is terminal: a retry is a new sync. */
function refuseAll(): Record<SyncEvent, Next> {
  return {
    pickedUp: 'reject',
    pageCommitted: 'reject',
    lastPageCommitted: 'reject',
    attemptFailed: 'reject',
    attemptsExhausted: 'reject',
    pauseRequested: 'reject',
    resumeRequested: 'reject',
    cancelRequested: 'reject',
  };
}

/** The status after `event`, or `reject`. */
export function transition(from: SyncStatus, event: SyncEvent): Next {
  return SYNC_TRANSITIONS[from][event];
}

/** Statuses in which the connection counts as busy: at most one such sync per connection (E5). */
export const LIVE_STATUSES = ['queued', 'running', 'paused'] as const satisfies readonly SyncStatus[];

export function isTerminal(status: SyncStatus): boolean {
  return SYNC_EVENTS.every((event) => SYNC_TRANSITIONS[status][event] === 'reject');
}

/** Every pair of different statuses the table allows, in the order of the table; the database's trigger holds the same set. */
export function legalPairs(): { from: SyncStatus; to: SyncStatus }[] {
  return SYNC_STATUSES.flatMap((from) => {
    const next = new Set(SYNC_EVENTS.map((event) => SYNC_TRANSITIONS[from][event]));
    return SYNC_STATUSES.filter((to) => to !== from && next.has(to)).map((to) => ({ from, to }));
  });
}

/** The old words are understood on input and never produced (E6). */
const OLD_WORDS: Readonly<Record<string, SyncStatus>> = { in_progress: 'running', complete: 'completed' };

/** Reads a status word as users and older programs write it; undefined when it is none. */
export function parseSyncStatus(word: string): SyncStatus | undefined {
  const known = SYNC_STATUSES.find((status) => status === word);
  return known ?? (Object.hasOwn(OLD_WORDS, word) ? OLD_WORDS[word] : undefined);
}
