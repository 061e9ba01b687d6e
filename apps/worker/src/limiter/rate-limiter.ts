import { jitterMarginMs, spacingMs } from '@tidemark/core/limits';
import { HORIZON_MS, type PoolGate, type PoolShape, type Refusal } from './gate.ts';
import { LocalGate } from './local-gate.ts';
import { PoolLine, type TakenSlot } from './pool-line.ts';
import { RedisGate } from './redis-gate.ts';
import { RedisSession } from './redis-session.ts';
import { monotonicMs } from './timing.ts';
import type {
  AcquireOptions,
  LimiterLogger,
  PoolSettings,
  RateLimiter,
  RateLimiterOptions,
  RefusalReason,
  Ticket,
} from './types.ts';

/** A slot is held at most for a call's timeout and this, in milliseconds: its wait, and what a process takes to react. */
const EXPIRATION_EXTRA_MS = 5_000;
/** A refused caller does not come back sooner than this, in milliseconds. */
const MIN_RETRY_MS = 25;
/** Pools nobody used for this long are closed, in milliseconds. */
const IDLE_MS = 60_000;
const SWEEP_MS = 15_000;
/** More open pools than this, and the ones that were idle longest are closed at once. */
const MAX_OPEN = 200;
/** Of the margin for jitter this share may be used up by a late start; the rest is for the way to the source. */
const LATE_SHARE = 0.35;

/** Opens the limiter of this process. Connects in the background. Throws RedisUrlError. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { redisUrl, prefix = 'tidemark', logger } = options;
  const session = redisUrl === undefined ? undefined : new RedisSession(redisUrl, prefix, logger);
  return new BottleneckRateLimiter(options, session);
}

/** A pool as one call sees it. */
interface Demand {
  line: PoolLine;
  shape: PoolShape;
}

class BottleneckRateLimiter implements RateLimiter {
  readonly #now: () => number;
  readonly #logger: LimiterLogger;
  readonly #expirationMs: number;
  readonly #session: RedisSession | undefined;
  readonly #lines = new Map<string, PoolLine>();
  readonly #sweep: NodeJS.Timeout;
  readonly #stopped = new AbortController();

  constructor({ now, logger, callTimeoutMs }: RateLimiterOptions, session: RedisSession | undefined) {
    this.#now = now;
    this.#logger = logger;
    this.#expirationMs = callTimeoutMs + EXPIRATION_EXTRA_MS;
    this.#session = session;
    this.#sweep = setInterval(() => this.#closeIdle(IDLE_MS), SWEEP_MS).unref();
  }

  async acquire(pools: readonly PoolSettings[], { maxWaitMs, signal }: AcquireOptions): Promise<Ticket> {
    signal.throwIfAborted();
    const paused = Math.max(...pools.map(({ pausedUntil }) => pausedUntil?.getTime() ?? 0));
    if (paused > this.#now()) {
      return { granted: false, retryAt: new Date(paused), reason: 'paused' };
    }
    if (this.#stopped.signal.aborted) {
      return this.#refuse('rate', maxWaitMs);
    }
    const demands = [...new Map(pools.map((pool) => [pool.pool, pool])).values()].map((pool) =>
      this.#demand(pool),
    );
    const inOrder = demands.length > 1 ? await this.#lookAtAll(demands, maxWaitMs) : demands;
    if ('kind' in inOrder) {
      return this.#refused(inOrder, maxWaitMs);
    }
    return await this.#takeAll(inOrder, maxWaitMs, signal);
  }

  stop(): Promise<void> {
    if (!this.#stopped.signal.aborted) {
      this.#stopped.abort();
      clearInterval(this.#sweep);
      this.#session?.close();
      for (const line of this.#lines.values()) {
        line.close();
      }
      this.#lines.clear();
    }
    return Promise.resolve();
  }

  /**
   * Nothing is taken from any pool before all of them look free. The order to take in: the longest wait first, so
   * that slots of the others are not held while time goes by. Or the refusal of the one that is furthest from free.
   */
  async #lookAtAll(demands: readonly Demand[], maxWaitMs: number): Promise<Demand[] | Refusal> {
    const looks = await Promise.all(
      demands.map(async (demand) => ({ demand, look: await demand.line.look(demand.shape, maxWaitMs) })),
    );
    const byWait = looks.toSorted((a, b) => b.look.waitMs - a.look.waitMs);
    const refused = byWait.map(({ look }) => look).find((look) => look.kind === 'refused');
    return refused ?? byWait.map(({ demand }) => demand);
  }

  async #takeAll(demands: readonly Demand[], maxWaitMs: number, signal: AbortSignal): Promise<Ticket> {
    const until = monotonicMs() + Math.min(maxWaitMs, HORIZON_MS);
    const slots: TakenSlot[] = [];
    const release = (): void => {
      for (const slot of slots) {
        slot.release();
      }
    };
    try {
      for (const { line, shape } of demands) {
        const taken = await line.take(shape, until, signal);
        if (taken.kind === 'refused') {
          release();
          return this.#refused(taken, maxWaitMs);
        }
        slots.push(taken.slot);
      }
      signal.throwIfAborted();
      for (const slot of slots) {
        slot.start();
      }
      return { granted: true, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #demand(pool: PoolSettings): Demand {
    const shape = {
      // Bottleneck's times have room for one decimal.
      spacingMs: Math.ceil(spacingMs(pool) * 10) / 10,
      maxConcurrent: pool.maxConcurrent,
      slackMs: jitterMarginMs(pool.perSeconds) * LATE_SHARE,
      canPutOff: pool.perSeconds * 1_000 >= 2 * HORIZON_MS,
    };
    return { line: this.#line(pool.pool, shape), shape };
  }

  #line(pool: string, shape: PoolShape): PoolLine {
    const known = this.#lines.get(pool);
    const line = known ?? new PoolLine(this.#gate(pool, shape));
    // The map is kept in the order of last use.
    this.#lines.delete(pool);
    this.#lines.set(pool, line);
    if (this.#lines.size > MAX_OPEN) {
      this.#closeIdle(0);
    }
    return line;
  }

  #gate(pool: string, shape: PoolShape): PoolGate {
    if (this.#session !== undefined) {
      return new RedisGate(this.#session, pool, this.#expirationMs);
    }
    return new LocalGate(shape, this.#expirationMs, (error) => {
      this.#logger.warn({ err: error, pool }, 'a call held its place in the rate limit for too long');
    });
  }

  #closeIdle(idleMs: number): void {
    const before = monotonicMs() - idleMs;
    for (const [pool, line] of this.#lines) {
      const isOver = idleMs > 0 || this.#lines.size > MAX_OPEN;
      if (isOver && line.idleSince !== null && line.idleSince <= before) {
        this.#lines.delete(pool);
        line.close();
      }
    }
  }

  #refused({ reason, waitMs }: Refusal, maxWaitMs: number): Ticket {
    // Back before the slot is next: else the last of those who wait would be served before the delayed are back.
    return this.#refuse(reason, Math.max(MIN_RETRY_MS, waitMs - maxWaitMs / 2));
  }

  #refuse(reason: RefusalReason, afterMs: number): Ticket {
    return { granted: false, retryAt: new Date(this.#now() + afterMs), reason };
  }
}
