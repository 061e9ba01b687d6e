import { randomUUID } from 'node:crypto';
import { connectRedis, type RedisClient } from '@tidemark/queue';
import { Redis } from 'ioredis';
import { openConnection, type TolerantConnection } from './bottleneck-port.ts';
import { type RedisScript, runScript } from './redis-scripts.ts';
import { monotonicMs, orAfter } from './timing.ts';
import type { LimiterLogger } from './types.ts';

/** How long a command may take before Redis counts as away, in milliseconds. */
const ANSWER_MS = 400;
/** How long a command waits for a connection that is being made, in milliseconds. */
const CONNECT_MS = 250;
/** Repeated troubles are logged once in this time, in milliseconds. */
const QUIET_MS = 30_000;

const SILENCE = Symbol('silence');

/** Redis did not answer in time. */
export class LimiterUnreachableError extends Error {
  override readonly name = 'LimiterUnreachableError';
  readonly code = 'limiter_unreachable';
}

/** This process's connections to the Redis of the limiter, one for all pools, and what is known of Redis itself. */
export class RedisSession {
  readonly connection: TolerantConnection;
  readonly prefix: string;
  readonly #client: RedisClient;
  readonly #logger: LimiterLogger;
  /** Until Redis answered, our own wall clock is the best guess; it is not read again, since it may be set. */
  #aheadMs = Date.now() - monotonicMs();
  #lastLoggedAt = Number.NEGATIVE_INFINITY;
  #mark: string | undefined;
  #emptiedAt = Number.NEGATIVE_INFINITY;
  readonly #closed = new AbortController();

  /** Connects in the background. Throws RedisUrlError. */
  constructor(redisUrl: string, prefix: string, logger: LimiterLogger) {
    this.prefix = prefix;
    this.#logger = logger;
    this.#client = connectRedis(redisUrl, { onError: this.report, failFast: true });
    this.connection = openConnection(this.#client, Redis, () => monotonicMs() + this.#aheadMs);
  }

  /** Logs a trouble once in a while: heartbeats of all pools report the same outage four times a second. */
  readonly report = (error: unknown): void => {
    const now = monotonicMs();
    if (!this.#closed.signal.aborted && now - this.#lastLoggedAt > QUIET_MS) {
      this.#lastLoggedAt = now;
      this.#logger.warn({ err: error }, 'the rate limiter has trouble with Redis');
    }
  };

  /** Runs a script of ours. Rejects within 650 ms when Redis is away. */
  async run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    await this.#connected();
    const answer = await orAfter(runScript(this.#client, script, keys, args), ANSWER_MS, SILENCE);
    if (answer === SILENCE) {
      throw new LimiterUnreachableError('Redis did not answer.');
    }
    return answer;
  }

  async #connected(): Promise<void> {
    if (this.#client.status !== 'ready') {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#client.once('ready', resolve);
      await orAfter(promise, CONNECT_MS, undefined);
      this.#client.off('ready', resolve);
    }
    if (this.#client.status !== 'ready') {
      throw new LimiterUnreachableError('There is no connection to Redis.');
    }
  }

  /**
   * Learns from an answer how far Redis's clock is ahead of our monotonic one: at least its time less that of the
   * receipt, at most its time less that of the sending. Within these bounds the known value stays.
   */
  learnTime(redisMs: number, sentMs: number, receivedMs: number): void {
    this.#aheadMs = Math.min(Math.max(this.#aheadMs, redisMs - receivedMs), redisMs - sentMs);
  }

  /**
   * Whether Redis lost everything not long ago. Told by a mark that never expires: when the keys of one pool are
   * gone but the mark is there, they merely expired. Rejects when Redis is away.
   */
  async wasEmptied(withinMs: number): Promise<boolean> {
    const key = `${this.prefix}:limiter:mark`;
    const fresh = randomUUID();
    await this.#connected();
    const found = await orAfter(this.#client.set(key, fresh, 'NX', 'GET'), ANSWER_MS, SILENCE);
    if (found === SILENCE) {
      throw new LimiterUnreachableError('Redis did not answer.');
    }
    const mark = typeof found === 'string' ? found : fresh;
    if (this.#mark !== undefined && this.#mark !== mark) {
      this.#emptiedAt = monotonicMs();
    }
    this.#mark = mark;
    return monotonicMs() - this.#emptiedAt < withinMs;
  }

  close(): void {
    this.#closed.abort();
    this.connection.disconnect(false).catch(() => undefined);
  }
}
