import type { ResponseTimes } from '@tidemark/core/limits';

/** A budget at a source as it is configured and known at the moment of a call. */
export interface PoolSettings {
  pool: string;
  maxCalls: number;
  perSeconds: number;
  /** Calls at once; null for any number. */
  maxConcurrent: number | null;
  /** The usage the source last reported, 0 to 1 and beyond; null when it reports none. */
  usedShare: number | null;
  /** How long the source takes to answer; null or left out when nothing is known of now. */
  responses?: ResponseTimes | null;
  pausedUntil: Date | null;
}

/** Why there is no ticket. `rate` also stands for a limiter that cannot be reached: it lets nothing through. */
export type RefusalReason = 'paused' | 'rate' | 'concurrency';

/** The leave to make one call now, or the time to ask again. */
export type Ticket =
  | {
      granted: true;
      /** The call has ended. Idempotent. A ticket that is not released counts as ended some seconds after the call's timeout. */
      release(): void;
    }
  | { granted: false; retryAt: Date; reason: RefusalReason };

export interface AcquireOptions {
  /** The longest wait inside `acquire`, in milliseconds. More than 1000 counts as 1000. */
  maxWaitMs: number;
  signal: AbortSignal;
}

export interface RateLimiter {
  /**
   * A ticket for one call that spends from all the pools. Waits up to `maxWaitMs`, and refuses at once what would
   * take longer. Rejects with the signal's reason when it aborts, and with InvalidBudgetError; never because Redis
   * is away.
   */
  acquire(pools: readonly PoolSettings[], options: AcquireOptions): Promise<Ticket>;
  /** Refuses who waits, and lets go of the connections. Idempotent, never rejects. */
  stop(): Promise<void>;
}

export interface LimiterLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface RateLimiterOptions {
  /** Where the processes share their budgets. Without it each process counts for itself: run one. */
  redisUrl?: string | undefined;
  /** Namespace of the keys; default `tidemark`. */
  prefix?: string | undefined;
  /** The wall clock, in milliseconds. */
  now: () => number;
  logger: LimiterLogger;
  /** The longest a call may take, in milliseconds. */
  callTimeoutMs: number;
}
