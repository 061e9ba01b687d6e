import { type ResponseTimes, responseSlowdown } from './responses.ts';

export {
  isResponseNews,
  observeResponses,
  RESPONSES_FRESH_MS,
  type ResponseTimes,
  responseSlowdown,
  SLOWEST_FACTOR,
} from './responses.ts';

/** A budget of calls at a source, and how much of it the source says is used. */
export interface CallBudget {
  /** Calls per window, more than 0. */
  maxCalls: number;
  /** The window in seconds, more than 0. */
  perSeconds: number;
  /** 0 is untouched, 1 is used up, more is overdrawn; null when the source told nothing. */
  usedShare: number | null;
  /** How long the source takes to answer; null or left out when nothing is known of now. */
  responses?: ResponseTimes | null;
}

/** A budget without calls or without a window cannot be spent. */
export class InvalidBudgetError extends Error {
  override readonly name = 'InvalidBudgetError';
  readonly code = 'limit_budget_invalid';
}

/**
 * Calls that left evenly arrive with some tens of milliseconds of jitter. `maxCalls + 1` calls therefore span the
 * window and this much more: a share of it, up to a number of milliseconds that no jitter of ours exceeds.
 */
export const JITTER_MARGIN = { share: 0.04, capMs: 2_000 } as const;

/** Below this share of use the source has nothing to complain of, and calls go at full speed. */
const FREE_SHARE = 0.5;
/** From here on a few calls more would exhaust the budget. */
const CRAWL_SHARE = 0.9;
const CRAWL_FACTOR = 10;
/** The pool is paused from here on; whoever calls before the pause is known does so hardly ever. */
const EXHAUSTED_FACTOR = 20;

/** The margin for jitter in a window, in milliseconds. */
export function jitterMarginMs(perSeconds: number): number {
  return Math.min(JITTER_MARGIN.share * perSeconds * 1_000, JITTER_MARGIN.capMs);
}

/**
 * The time between the starts of two calls, in milliseconds, not rounded. Even spacing instead of a refilled
 * reserve: a fixed window lets twice the budget through at its edge. The further the source's own count is used
 * up, by us or by others, and the slower it answers, the slower we go; it never speeds up beyond the budget. Throws
 * InvalidBudgetError.
 */
export function spacingMs(budget: CallBudget): number {
  const { maxCalls, perSeconds } = budget;
  if (!(maxCalls > 0 && perSeconds > 0 && Number.isFinite(maxCalls) && Number.isFinite(perSeconds))) {
    throw new InvalidBudgetError(`A budget of ${maxCalls} calls per ${perSeconds} seconds cannot be spent.`);
  }
  const even = (perSeconds * 1_000 + jitterMarginMs(perSeconds)) / maxCalls;
  return even * slowdownOf(budget).factor;
}

/**
 * How many times wider than the budget asks for calls are spaced, and for what: the stronger of the two reasons. They
 * are not multiplied, as a source under load shows both.
 */
export function slowdownOf({ usedShare, responses }: Pick<CallBudget, 'usedShare' | 'responses'>): {
  factor: number;
  by: 'usage' | 'responses' | null;
} {
  const byUsage = slowdown(usedShare ?? 0);
  const byResponses = responseSlowdown(responses ?? null);
  if (byUsage === 1 && byResponses === 1) return { factor: 1, by: null };
  return byUsage >= byResponses ? { factor: byUsage, by: 'usage' } : { factor: byResponses, by: 'responses' };
}

/** 1 while the budget is free, then as the inverse of what is left of it, and a crawl at the end. */
function slowdown(usedShare: number): number {
  if (!(usedShare >= FREE_SHARE)) {
    return 1;
  }
  if (usedShare >= 1) {
    return EXHAUSTED_FACTOR;
  }
  return usedShare >= CRAWL_SHARE ? CRAWL_FACTOR : (1 - FREE_SHARE) / (1 - usedShare);
}
