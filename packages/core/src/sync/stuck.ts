/** How long nothing may happen before a person should hear of it, in milliseconds. */
export const STUCK_AFTER_MS = {
  /** A page that is due and that nobody takes up: longer than ageing lets any page wait. */
  untaken: 300_000,
  /** One attempt at a page: several times what its calls may take before they are given up. */
  page: 600_000,
  /** A lease that ran out and that nobody released or took over. */
  lease: 60_000,
} as const;

/** `untaken`: due, and nobody is at it. `overdue`: somebody is at one page, and keeps extending the lease. */
export const STUCK_REASONS = ['untaken', 'overdue'] as const;
export type StuckReason = (typeof STUCK_REASONS)[number];

/** A lease as it is at one moment, by PostgreSQL's clock. */
export interface LeaseFacts {
  /** Since it was taken under its present token. */
  heldMs: number;
  /** Since it ran out; null while it holds. */
  expiredForMs: number | null;
}

/** A live sync as it is at one moment, by PostgreSQL's clock. */
export interface SyncFacts {
  status: 'queued' | 'running' | 'paused';
  /** Until its page may be tried; null: it may be now. */
  waitsForMs: number | null;
  /** Since its page became due, or since the last sign of work on it. */
  quietMs: number;
  lease: LeaseFacts | null;
}

/**
 * Whether a sync makes no progress though it should, and since how many milliseconds. A sync that is paused or that
 * waits for a known time (a budget, the next attempt) is not stuck, however long it takes.
 */
export function stuckSync(sync: SyncFacts): { reason: StuckReason; forMs: number } | null {
  if (sync.status === 'paused' || (sync.waitsForMs ?? 0) > 0) return null;
  const { lease } = sync;
  if (lease !== null && lease.expiredForMs === null) {
    return lease.heldMs > STUCK_AFTER_MS.page ? { reason: 'overdue', forMs: lease.heldMs } : null;
  }
  return sync.quietMs > STUCK_AFTER_MS.untaken ? { reason: 'untaken', forMs: sync.quietMs } : null;
}

/** Whether a lease outlived its work: it ran out without being released, or is held at one page for too long. */
export function isStuckLease({ heldMs, expiredForMs }: LeaseFacts): boolean {
  return expiredForMs === null ? heldMs > STUCK_AFTER_MS.page : expiredForMs > STUCK_AFTER_MS.lease;
}
