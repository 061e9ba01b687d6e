/** Bounds of the waits between attempts at a page, in milliseconds. */
export const BACKOFF = { baseMs: 1_000, capMs: 300_000 } as const;

/**
 * The wait before attempt `attempt + 1`: exponential with a cap, and jitter over the upper half, so that
 * syncs that failed together do not come back together. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const exponent = Math.min(Math.max(attempt, 1) - 1, 30);
  const full = Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** exponent);
  return Math.round(full / 2 + (full / 2) * random);
}
