import { backoffMs } from './backoff.ts';
import type { Failure, FailureKind } from './kinds.ts';

/** What is done about a failure of an attempt at a page. */
export type Decision =
  /** Go back to the queue until then. Spends no attempt. */
  | { kind: 'wait'; delayMs: number; pausePool: { pool: string; forMs: number } | null }
  /** Spend an attempt and try again after the delay. */
  | { kind: 'retry'; delayMs: number }
  /** Ask again at once with a smaller page. Spends no attempt; bounded by the page size reaching 1. */
  | { kind: 'shrink' }
  /** The connection needs new credentials or permissions; the sync fails. */
  | { kind: 'needsReauth' }
  /** The cursor leads nowhere or astray: the walk starts anew and passes over what it has. */
  | { kind: 'restart' }
  /** This page cannot be had, the others may: it is set aside where the source allows going on without it. */
  | { kind: 'setAside' }
  /** Nothing else of the connection would do better; the sync fails. */
  | { kind: 'fatal' };

/** How a kind of failure is treated. Total: a new kind does not compile until it is decided. */
const TREATMENT: Readonly<
  Record<
    FailureKind,
    'wait' | 'retry' | 'retryFew' | 'shrink' | 'restart' | 'setAside' | 'needsReauth' | 'fatal'
  >
> = {
  transient: 'retry',
  throttled: 'wait',
  tooMuchData: 'shrink',
  staleCursor: 'restart',
  unauthorized: 'needsReauth',
  forbidden: 'needsReauth',
  blocked: 'fatal',
  invalidRequest: 'setAside',
  invalidResponse: 'retryFew',
  internal: 'retryFew',
};

/** Attempts at one page: sums to about two minutes of waiting before the page is given up. */
export const ATTEMPTS_MAX = 8;
/** Attempts where a repeat seldom helps, but a half-sent answer may look the same as a wrong one. */
export const ATTEMPTS_MAX_FEW = 3;

/** A throttled budget whose source told no duration waits this long. Practice of public clients: minutes, not seconds. */
export const PAUSE_DEFAULT_MS = 60_000;
/** No pause is taken to be longer than a day, the longest window a source of ours counts in. */
export const PAUSE_MAX_MS = 86_400_000;

/**
 * Decides about a failure. `attempt` counts from 1 and is the attempt that just failed; `random` is in [0, 1).
 */
export function decide(failure: Failure, context: { attempt: number; random: number }): Decision {
  const treatment = TREATMENT[failure.kind];
  switch (treatment) {
    case 'wait': {
      const forMs = Math.min(failure.pause?.forMs ?? PAUSE_DEFAULT_MS, PAUSE_MAX_MS);
      const pausePool = failure.pause ? { pool: failure.pause.pool, forMs } : null;
      return { kind: 'wait', delayMs: forMs, pausePool };
    }
    case 'retry':
    case 'retryFew': {
      const attemptsMax = treatment === 'retry' ? ATTEMPTS_MAX : ATTEMPTS_MAX_FEW;
      if (context.attempt >= attemptsMax) return { kind: 'setAside' };
      return { kind: 'retry', delayMs: backoffMs(context.attempt, context.random) };
    }
    case 'shrink':
      return { kind: 'shrink' };
    case 'needsReauth':
      return { kind: 'needsReauth' };
    case 'restart':
      return { kind: 'restart' };
    case 'setAside':
      return { kind: 'setAside' };
    case 'fatal':
      return { kind: 'fatal' };
  }
}

/** Whether a later attempt may succeed without anybody doing anything: shown as `error.retryable`. */
export function isRetryable(kind: FailureKind): boolean {
  return TREATMENT[kind] === 'wait' || TREATMENT[kind] === 'retry' || TREATMENT[kind] === 'retryFew';
}
