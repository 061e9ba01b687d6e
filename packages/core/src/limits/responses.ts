/** How long a source takes to answer, as the calls of one pool saw it. In milliseconds. */
export interface ResponseTimes {
  /** Of the last calls. */
  recentMs: number;
  /** Of the last minutes: what the recent ones are measured by. */
  usualMs: number;
}

/** Each answer moves the recent time by this share of the difference. */
const RECENT_WEIGHT = 0.25;
/** What stays slow becomes usual within about this time. */
const USUAL_MEMORY_MS = 600_000;
/** One look after a long pause does not make the usual anew. */
const USUAL_WEIGHT_MAX = 0.1;
/** One call that hangs counts as so many usual ones at most. */
const OUTLIER_FACTOR = 16;
/** Differences among answers that are faster than this are of no interest: they tell of our own process as well. */
const FLOOR_MS = 250;
/** Answers may take so many times as long as usual before calls are spaced out for it. */
const FREE_RATIO = 2;
/** The widest spacing for slow answers, as a multiple of that of the budget. */
export const SLOWEST_FACTOR = 4;

/** What the recent answers were is of no meaning after this time. */
export const RESPONSES_FRESH_MS = 120_000;
/** A recent time that moved by less than this share is stored no sooner than after `STORE_EVERY_MS`. */
const STORE_STEP = 0.1;
const STORE_EVERY_MS = 10_000;

/**
 * The response times after some more answers, in their order. `elapsedMs` is the time since those before were noted: the
 * usual time follows the clock, the recent time follows the calls.
 */
export function observeResponses(
  known: ResponseTimes | null,
  tookMs: readonly number[],
  elapsedMs: number,
): ResponseTimes | null {
  const [first] = tookMs;
  if (first === undefined) return known;
  const { recentMs, usualMs } = known ?? { recentMs: first, usualMs: first };
  const cap = OUTLIER_FACTOR * Math.max(usualMs, FLOOR_MS);
  const counted = tookMs.map((ms) => Math.min(Math.max(ms, 0), cap));
  const mean = counted.reduce((sum, ms) => sum + ms, 0) / counted.length;
  const usualWeight = Math.min(USUAL_WEIGHT_MAX, 1 - Math.exp(-Math.max(0, elapsedMs) / USUAL_MEMORY_MS));
  const from = elapsedMs > RESPONSES_FRESH_MS ? usualMs : recentMs;
  return {
    recentMs: counted.reduce((recent, ms) => recent + RECENT_WEIGHT * (ms - recent), from),
    usualMs: usualMs + usualWeight * (mean - usualMs),
  };
}

/** Whether the difference is worth a write. */
export function isResponseNews(
  known: ResponseTimes | null,
  next: ResponseTimes | null,
  elapsedMs: number,
): boolean {
  if (next === null) return false;
  if (known === null || elapsedMs >= STORE_EVERY_MS) return true;
  return Math.abs(next.recentMs - known.recentMs) >= STORE_STEP * Math.max(known.recentMs, FLOOR_MS);
}

/** 1 while answers take as long as usual; the slower they are, the wider the spacing, up to `SLOWEST_FACTOR`. */
export function responseSlowdown(times: ResponseTimes | null): number {
  if (times === null) return 1;
  const ratio = Math.max(times.recentMs, FLOOR_MS) / Math.max(times.usualMs, FLOOR_MS);
  return Math.min(SLOWEST_FACTOR, Math.max(1, ratio / FREE_RATIO));
}
