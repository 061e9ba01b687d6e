import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { eventually, until } from '../../../../test/support/eventually.ts';
import {
  createRateLimiter,
  type LimiterLogger,
  type PoolSettings,
  type RateLimiter,
  type RefusalReason,
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
      callTimeoutMs: 60_000,
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

  /** Asks, and asks again when told to, until it is granted: a slot that a busy machine missed is no refusal. */
  async hold(pools: PoolSettings | PoolSettings[]): Promise<() => void> {
    for (;;) {
      const ticket = await this.ask(pools);
      if (ticket.granted) {
        return ticket.release;
      }
      await until(ticket.retryAt.getTime());
    }
  }

  /** One call under its ticket. Returns when it was granted, in monotonic milliseconds. */
  async call(pools: PoolSettings | PoolSettings[]): Promise<number> {
    const release = await this.hold(pools);
    const at = performance.now();
    release();
    return at;
  }

  /** A call that need not wait for a slot of a slow pool: half a minute is a machine that stands still, not a spacing. */
  async callSoon(pools: PoolSettings | PoolSettings[]): Promise<void> {
    const asked = performance.now();
    expect((await this.call(pools)) - asked).toBeLessThan(30_000);
  }

  /** Asks until it is refused for this reason; a ticket instead is a failure. */
  async refused(pools: PoolSettings | PoolSettings[], reason: RefusalReason): Promise<void> {
    const tickets: Ticket[] = [];
    await eventually(async () => {
      const ticket = await this.ask(pools);
      tickets.push(ticket);
      if (!ticket.granted) expect(ticket.reason).toBe(reason);
    });
    expect(tickets.filter(({ granted }) => granted)).toEqual([]);
  }
}

/** The n-th call came no sooner than the spacing allows. Late calls are the machine's business, early ones never are. */
export function expectSpaced(askedAt: number, times: readonly number[], spacingMs: number): void {
  const roundingMs = 3;
  const early = times
    .toSorted((a, b) => a - b)
    .filter((time, index) => time - askedAt < index * spacingMs - roundingMs);
  expect(early).toEqual([]);
}
