/** How a handler's run ended. Decisions are values; an exception is a bug. */
export type JobOutcome =
  /** The job is finished. */
  | { kind: 'done' }
  /** Not before `until`. Spends no attempt: for leases, limiter pools and whatever else is nobody's failure. */
  | { kind: 'wait'; until: Date }
  /** This attempt failed; the next one in `delayMs` milliseconds. The queue sets no limit: giving up is `fail`. */
  | { kind: 'retry'; delayMs: number; reason: string }
  /** Retrying cannot mend it. The job is kept among the failed ones for a while. */
  | { kind: 'fail'; reason: string };

/** How BullMQ is told of a `retry`: it rejects the attempt with this, and asks the backoff strategy for the wait. */
export class RetryRequested extends Error {
  override readonly name = 'RetryRequested';
  readonly code = 'queue_retry_requested';
  readonly delayMs: number;

  constructor(reason: string, delayMs: number) {
    super(reason);
    this.delayMs = delayMs;
  }
}

/** Waits after exceptions of a handler, in milliseconds: doubling from the first, up to the second. */
const CRASH_BACKOFF_MS = { first: 1_000, cap: 30_000 } as const;

/** The wait before the next attempt, in milliseconds: the handler's own if it asked for one. */
export function backoffMs(attemptsMade: number, error: Error | undefined): number {
  if (error instanceof RetryRequested) {
    return Math.max(0, Math.round(error.delayMs));
  }
  const doublings = Math.min(Math.max(attemptsMade, 1) - 1, 16);
  return Math.min(CRASH_BACKOFF_MS.cap, CRASH_BACKOFF_MS.first * 2 ** doublings);
}
