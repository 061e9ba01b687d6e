import { randomUUID } from 'node:crypto';
import { until } from '../../../../test/support/eventually.ts';
import {
  createRateLimiter,
  type LimiterLogger,
  type PoolSettings,
  type RateLimiter,
  type Ticket,
} from '../../src/limiter/index.ts';

/** A logger that remembers its messages. */
export function recordingLogger(): LimiterLogger & { lines: string[] } {
  const lines: string[] = [];
  const note = (_fields: Record<string, unknown>, message: string): void => {
    lines.push(message);
  };
  return { lines, info: note, warn: note };
}

/** A pool of its own, 10 calls a second unless told otherwise. */
export function poolOf(over: Partial<PoolSettings> = {}): PoolSettings {
  const defaults = { maxCalls: 20, perSeconds: 2, maxConcurrent: null, usedShare: null, pausedUntil: null };
  return { pool: `pool-${randomUUID()}`, ...defaults, ...over };
}

/** One limiter, as one process has it. */
export class Bench {
  readonly limiter: RateLimiter;
  readonly logger = recordingLogger();

  constructor(options: { redisUrl?: string; prefix?: string; callTimeoutMs?: number } = {}) {
    this.limiter = createRateLimiter({
      callTimeoutMs: 5_000,
      ...options,
      now: Date.now,
      logger: this.logger,
    });
  }

  ask(
    pools: PoolSettings | PoolSettings[],
    maxWaitMs = 1_000,
    signal = new AbortController().signal,
  ): Promise<Ticket> {
    return this.limiter.acquire([pools].flat(), { maxWaitMs, signal });
  }

  /** Asks, and asks again when told to, until it is granted. Returns when that was, in milliseconds. */
  async call(pools: PoolSettings | PoolSettings[]): Promise<number> {
    for (;;) {
      const ticket = await this.ask(pools);
      if (ticket.granted) {
        const at = performance.now();
        ticket.release();
        return at;
      }
      await until(ticket.retryAt.getTime());
    }
  }
}

/** The most that fell into any window of so many milliseconds. */
export function mostInWindow(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= windowMs) {
      first += 1;
    }
    most = Math.max(most, index - first + 1);
  }
  return most;
}
