/**
 * How long after the n-th failed attempt the next one comes, in seconds: the schedule the Standard Webhooks
 * specification recommends ("Deliverability and reliability"), three days and a half in all.
 */
const DELAYS_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Attempts at one delivery, the first one included. */
export const DELIVERY_ATTEMPTS_MAX = DELAYS_SECONDS.length + 1;

/** A subscriber that took nothing for this long is disabled. */
export const FAILING_SECONDS_MAX = 5 * 86_400;

/** Subscribers that failed together must not be tried again together. */
const JITTER = 0.1;

/** Seconds until the next attempt after `attempts` failed ones; null when it was the last. `random` is in [0, 1). */
export function retryDelaySeconds(attempts: number, random: number): number | null {
  const delay = DELAYS_SECONDS[attempts - 1];
  return delay === undefined ? null : delay * (1 + JITTER * random);
}
