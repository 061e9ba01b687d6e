import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LimiterPort } from './bottleneck-port.ts';
import {
  type Booking,
  HORIZON_MS,
  type Look,
  type PoolGate,
  type PoolShape,
  type Refusal,
  type Turn,
  UNREACHABLE_MS,
} from './gate.ts';
import { CLAIM, type ClaimKind, HOLD, PUT_OFF, poolKeys, RESPACE, UNLOCK } from './redis-scripts.ts';
import { LimiterUnreachableError, type RedisSession } from './redis-session.ts';
import { monotonicMs, orAfter } from './timing.ts';

/** The lock goes by itself after this time, in milliseconds. A booking under way is given up well before. */
const LOCK_MS = 1_500;
/** The lock, and a pool that is set up, are waited for this long, in milliseconds. */
const PATIENCE_MS = 700;
/** Between attempts at a lock another process has; it has it for some two round trips. In milliseconds. */
const LOCK_RETRY_MS = 3;
/** How long a limiter may take to be set up or healed, in milliseconds. */
const SET_UP_MS = 600;
/** The keys of a pool live this long after its last use, or two spacings. In milliseconds. */
const KEYS_TTL_MS = 600_000;
/** A loss of all keys is taken into account by every pool that is used for the first time within this. In milliseconds. */
const EMPTIED_MS = 60_000;

/** Who may book or mend: the lock goes by itself when its holder dies. */
interface Lock {
  readonly token: string;
  isTaken: boolean;
}

const COMES_WITH_LOCK: ReadonlySet<ClaimKind> = new Set(['free', 'lost', 'unknown', 'settings']);

interface Claim {
  kind: ClaimKind;
  waitMs: number;
  putOffMs: number;
  /** When it was answered, monotonic milliseconds. */
  at: number;
}

/** A pool that all processes share: one Bottleneck limiter over Redis, booked under a lock for one slot at a time. */
export class RedisGate implements PoolGate {
  readonly #session: RedisSession;
  readonly #id: string;
  readonly #keys: readonly string[];
  readonly #expirationMs: number;
  #port: LimiterPort | undefined;
  #lastBookedAt = Number.NEGATIVE_INFINITY;

  constructor(session: RedisSession, pool: string, expirationMs: number) {
    this.#session = session;
    // In a cluster all keys of a pool must be in one slot, which is what the braces do.
    this.#id = `${session.prefix}:{${pool}}`;
    this.#keys = poolKeys(this.#id);
    this.#expirationMs = expirationMs;
  }

  async look(shape: PoolShape, maxWaitMs: number): Promise<Look> {
    try {
      const claim = await this.#claim('', shape, maxWaitMs);
      return refusal(claim, maxWaitMs) ?? { kind: 'free', waitMs: claim.waitMs };
    } catch (error) {
      return this.#unreachable(error);
    }
  }

  async book(shape: PoolShape, maxWaitMs: number, onTurn: (turn: Turn) => void): Promise<Booking | Refusal> {
    const lock: Lock = { token: randomUUID(), isTaken: false };
    try {
      const claim = await this.#lock(lock, shape, maxWaitMs);
      const refused = refusal(claim, maxWaitMs);
      if (refused !== null) {
        return refused;
      }
      const writtenAt = await this.#port?.book(onTurn);
      if (writtenAt === undefined || writtenAt === null) {
        // Bottleneck keeps a call it could not write down, and tells nobody. Its successor starts without it.
        this.#retire();
        throw new LimiterUnreachableError('Bottleneck did not take the booking.');
      }
      this.#lastBookedAt = monotonicMs();
      const dueAt = Math.max(claim.at + claim.waitMs, writtenAt);
      return { kind: 'booked', dueAt, putOffMs: claim.putOffMs };
    } catch (error) {
      return this.#unreachable(error);
    } finally {
      if (lock.isTaken) {
        this.#session.run(UNLOCK, this.#keys, [lock.token]).catch(this.#session.report);
      }
    }
  }

  async putOff(_shape: PoolShape, { putOffMs }: Booking, ms: number): Promise<void> {
    try {
      await this.#session.run(PUT_OFF, this.#keys, [ms.toFixed(1), putOffMs]);
    } catch (error) {
      this.#session.report(error);
    }
  }

  close(): void {
    this.#port?.close();
    this.#port = undefined;
  }

  #retire(): void {
    this.#port?.retire();
    this.#port = undefined;
  }

  /** Claims until the answer is `free` with the lock, or a refusal; mends what stands in the way. */
  async #lock(lock: Lock, shape: PoolShape, maxWaitMs: number): Promise<Claim> {
    const end = monotonicMs() + PATIENCE_MS;
    for (;;) {
      const claim = await this.#claim(lock.token, shape, maxWaitMs);
      lock.isTaken ||= COMES_WITH_LOCK.has(claim.kind);
      if (claim.kind === 'busy') {
        await delay(LOCK_RETRY_MS * (1 + Math.random()));
      } else if (claim.kind === 'settings') {
        await this.#session.run(RESPACE, this.#keys, [shape.spacingMs]);
        await this.#timed(this.#port?.configure(shape));
      } else if (claim.kind === 'lost' || claim.kind === 'unknown') {
        await this.#mend(claim.kind, shape);
      } else {
        return claim;
      }
      if (monotonicMs() > end) {
        throw new LimiterUnreachableError('The pool could not be locked in time.');
      }
    }
  }

  async #claim(token: string, { spacingMs, maxConcurrent }: PoolShape, maxWaitMs: number): Promise<Claim> {
    const sentAt = monotonicMs();
    const ttl = Math.ceil(Math.max(KEYS_TTL_MS, 2 * spacingMs));
    const reply = await this.#session.run(CLAIM, this.#keys, [
      token,
      LOCK_MS,
      this.#port?.clientId ?? '',
      maxWaitMs,
      spacingMs,
      maxConcurrent ?? '',
      ttl,
    ]);
    const [kind, wait, redisNow, putOff] = reply as [ClaimKind, string, string, string];
    const at = monotonicMs();
    this.#session.learnTime(Number(redisNow), sentAt, at);
    return { kind, waitMs: Number(wait), at, putOffMs: Number(putOff) };
  }

  /**
   * Sets the limiter up, or heals it. When its keys were lost while it was in use, the slots that are booked still
   * come, and nobody knows of them: so nothing is booked until they have passed, and one spacing more.
   */
  async #mend(found: 'lost' | 'unknown', shape: PoolShape): Promise<void> {
    const emptied = await this.#session.wasEmptied(EMPTIED_MS);
    if (this.#port === undefined) {
      const shared = { id: this.#id, connection: this.#session.connection };
      const onError = this.#session.report;
      this.#port = new LimiterPort({ shape, expirationMs: this.#expirationMs, onError, shared });
      await this.#timed(this.#port.ready());
    } else {
      await this.#timed(this.#port.heal());
    }
    const inUse = monotonicMs() - this.#lastBookedAt < 2 * HORIZON_MS + shape.spacingMs;
    if (emptied || (found === 'lost' && inUse)) {
      await this.#session.run(HOLD, this.#keys, [HORIZON_MS + shape.spacingMs]);
    }
  }

  /**
   * A step of Bottleneck's, which would wait for a Redis that is away as long as it takes. A limiter whose step
   * failed is replaced: one whose setting up failed remembers that for ever.
   */
  async #timed(step: Promise<void> | undefined): Promise<void> {
    const done = Promise.resolve(step).then(
      () => true,
      (error: unknown) => {
        this.#session.report(error);
        return false;
      },
    );
    if (!(await orAfter(done, SET_UP_MS, false))) {
      this.#retire();
      throw new LimiterUnreachableError('Bottleneck was not set up.');
    }
  }

  #unreachable(error: unknown): Refusal {
    this.#session.report(error);
    return { kind: 'refused', reason: 'rate', waitMs: UNREACHABLE_MS };
  }
}

function refusal({ kind, waitMs }: Claim, maxWaitMs: number): Refusal | null {
  if (kind === 'rate') {
    return { kind: 'refused', reason: 'rate', waitMs };
  }
  return kind === 'concurrency' ? { kind: 'refused', reason: 'concurrency', waitMs: maxWaitMs } : null;
}
