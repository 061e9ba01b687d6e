import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../packages/db/src/embedded/error.ts';

/** How long and how often a condition is tried. */
export interface EventuallyOptions {
  /** Default a minute: what comes at all comes far sooner, and a busy machine must not fail a test. */
  timeoutMs?: number;
  /** Default 25 ms. */
  intervalMs?: number;
}

/** Waits for a time that the program under test named, as a caller that obeys it does. Epoch milliseconds. */
export async function until(timeMs: number): Promise<void> {
  await delay(Math.max(0, timeMs - Date.now()));
}

/**
 * Tries `condition` until it stops throwing and returns what it returned; after the deadline it fails with the
 * last error. The only way to wait for something that does not announce itself.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 60_000, intervalMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      if (Date.now() + intervalMs > deadline) {
        throw new Error(`not true within ${timeoutMs} ms: ${messageOf(error)}`, { cause: error });
      }
    }
    await delay(intervalMs);
  }
}
