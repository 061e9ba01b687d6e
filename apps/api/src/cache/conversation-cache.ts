import type { Conversation } from '@tidemark/core/contracts';
import { conversationSchema } from '@tidemark/core/contracts';
import type { RedisClient } from '@tidemark/queue';
import type { FastifyBaseLogger } from 'fastify';
import { DROP, FILL, LOOK, type LookAnswer, lookAnswer } from './cache-scripts.ts';

export interface CacheTimes {
  /** An entry lives this long at most, so that nothing is wrong for longer, whatever is lost on the way. */
  ttlMs: number;
  /** What was read from PostgreSQL longer ago than this is not stored; by the clock of Redis. */
  fillMs: number;
  /** Redis counts as away when it does not answer for this long, and is left alone for `restMs` then. */
  answerMs: number;
  restMs: number;
}

export const CACHE_TIMES: CacheTimes = { ttlMs: 30_000, fillMs: 5_000, answerMs: 250, restMs: 1_000 };

/** Whose conversation is read. */
interface Target {
  tenantId: string;
  conversationId: string;
}

/**
 * Conversations as they were read, in Redis, shared by the API processes. PostgreSQL tells what changed, after the commit;
 * each change drops one entry and leaves a floor, below which no reader who was slow can fill it again.
 */
export interface ConversationCache {
  /** The entry, or what `load` brings, which is kept. While Redis is away it is `load` alone. */
  read(target: Target, load: () => Promise<Conversation | null>): Promise<Conversation | null>;
  /** A conversation was changed, and has this version now. Never rejects. */
  changed(conversationId: string, version: number): Promise<void>;
  /** Changes may have gone unheard: the cache is not used until all that is in it has expired. */
  missed(): void;
  close(): void;
}

export interface CacheOptions {
  redis: RedisClient;
  logger: Pick<FastifyBaseLogger, 'warn'>;
  /** Namespace of the keys; default `tidemark`. */
  prefix?: string;
  times?: Partial<CacheTimes>;
  /** A clock that only goes forward, in milliseconds. */
  now?: () => number;
}

/** Not used before `missed` was called once: that is how it learns that changes are heard from now on. */
export function createConversationCache(options: CacheOptions): ConversationCache {
  return new RedisConversationCache(options);
}

class CacheAwayError extends Error {
  override readonly name = 'CacheAwayError';
}

class RedisConversationCache implements ConversationCache {
  readonly #redis: RedisClient;
  readonly #logger: CacheOptions['logger'];
  readonly #prefix: string;
  readonly #times: CacheTimes;
  readonly #now: () => number;
  #unusedUntil = Number.POSITIVE_INFINITY;
  #restsUntil = 0;

  constructor({ redis, logger, prefix = 'tidemark', times = {}, now }: CacheOptions) {
    this.#redis = redis;
    this.#logger = logger;
    this.#prefix = prefix;
    this.#times = { ...CACHE_TIMES, ...times };
    this.#now = now ?? (() => performance.now());
  }

  async read(target: Target, load: () => Promise<Conversation | null>): Promise<Conversation | null> {
    const looked = await this.#look(target);
    if (looked === null) return await load();
    const found = readEntry(looked.body);
    if (found !== null) return found;
    const loaded = await load();
    if (loaded !== null) await this.#fill(target, loaded, looked.atMs);
    return loaded;
  }

  async changed(conversationId: string, version: number): Promise<void> {
    const { ttlMs } = this.#times;
    try {
      await this.#run(DROP, conversationId, [version, ttlMs]);
    } catch (error) {
      this.#rest(error);
      // The entry may still be there.
      this.missed();
    }
  }

  missed(): void {
    const { ttlMs, fillMs } = this.#times;
    this.#unusedUntil = this.#now() + ttlMs + fillMs;
  }

  close(): void {
    this.#unusedUntil = Number.POSITIVE_INFINITY;
    this.#redis.disconnect();
  }

  /** Null: the cache is not to be used now. */
  async #look({ tenantId, conversationId }: Target): Promise<LookAnswer | null> {
    const now = this.#now();
    if (now < this.#unusedUntil || now < this.#restsUntil) return null;
    try {
      return lookAnswer.parse(await this.#run(LOOK, conversationId, [tenantId]));
    } catch (error) {
      this.#rest(error);
      return null;
    }
  }

  async #fill({ tenantId, conversationId }: Target, loaded: Conversation, lookedAtMs: number): Promise<void> {
    if (this.#now() < this.#unusedUntil) return;
    const { ttlMs, fillMs } = this.#times;
    const args = [tenantId, loaded.version, JSON.stringify(loaded), lookedAtMs, fillMs, ttlMs];
    try {
      await this.#run(FILL, conversationId, args);
    } catch (error) {
      this.#rest(error);
    }
  }

  async #run(lua: string, conversationId: string, args: (string | number)[]): Promise<unknown> {
    if (this.#redis.status !== 'ready') throw new CacheAwayError('There is no connection to Redis.');
    // The braces put both keys onto the same node of a Redis Cluster.
    const key = `${this.#prefix}:conversation:{${conversationId}}`;
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new CacheAwayError('Redis did not answer.')), this.#times.answerMs);
    try {
      return await Promise.race([this.#redis.eval(lua, 2, key, `${key}:floor`, ...args), promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #rest(error: unknown): void {
    const now = this.#now();
    if (now >= this.#restsUntil) {
      this.#logger.warn({ err: error }, 'the cache of conversations rests: Redis is away');
    }
    this.#restsUntil = now + this.#times.restMs;
  }
}

/** An entry that an older version of this program wrote in another form is none. */
function readEntry(body: string | null): Conversation | null {
  if (body === null) return null;
  return conversationSchema.safeParse(JSON.parse(body)).data ?? null;
}
