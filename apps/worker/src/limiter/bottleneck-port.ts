import { randomUUID } from 'node:crypto';
import Bottleneck from 'bottleneck';
import type { Redis } from 'ioredis';
import type { PoolShape, Turn } from './gate.ts';
import { monotonicMs, orAfter } from './timing.ts';

/** The part of Bottleneck that is used, without the `any` of its own types. */
interface BottleneckLimiter {
  ready(): Promise<unknown>;
  check(): Promise<boolean>;
  channel_client?(): string;
  schedule(options: { id: string; expiration: number }, task: () => Promise<void>): Promise<void>;
  updateSettings(settings: { minTime: number; maxConcurrent: number | null }): Promise<unknown>;
  stop(options: { dropWaitingJobs: boolean }): Promise<void>;
  disconnect(flush: boolean): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'scheduled', listener: (info: { options: { id: string } }) => void): unknown;
}

const Limiter = Bottleneck as unknown as new (options: Record<string, unknown>) => BottleneckLimiter;

type ScriptDone = (error: Error | null, reply: unknown) => void;
type Script = (...args: unknown[]) => unknown;

/** What a limiter tells its connection of itself. */
interface Channels {
  channel(): string;
  channel_client(): string;
}

/** Bottleneck's connection with the methods of it that are replaced below. */
interface ScriptConnection {
  readonly limiters: Record<string, Channels | undefined>;
  readonly subscriber: { unsubscribe(channel: string): Promise<unknown> };
  disconnect(flush: boolean): Promise<void>;
  __scriptFn__(name: string): Script;
  __removeLimiter__(limiter: Channels): void;
}

const BaseConnection = Bottleneck.IORedisConnection as unknown as new (options: {
  Redis: unknown;
  client: unknown;
}) => ScriptConnection;

/** Scripts after which Bottleneck may set a limiter up again whose keys vanished: when we ask for it, that is. */
const MAY_SET_UP = new Set(['check', 'heartbeat']);
const KEYS_VANISHED = 'SETTINGS_KEY_NOT_FOUND';

/**
 * Bottleneck's connection, cured of four things.
 *
 * It heals a limiter whose keys vanished, or which was forgotten, by the text of an error, and since Redis 7 that
 * text begins with `ERR `. It would heal in the middle of anything, and let a slot begin at once, although those
 * booked before the loss still come: so it is told of vanished keys only where that is wanted. And it takes the
 * time from each process's own clock: one that is a second behind would wait a second longer for every slot than
 * the others, and one that is set would book hours away, so the time handed to its scripts is Redis's. Lastly, to let
 * go of a limiter while Redis is away ended the process with an unhandled rejection.
 */
export class TolerantConnection extends BaseConnection {
  readonly #redisTime: () => number;

  /** `redisTime` is what Redis's clock shows, in milliseconds since 1970. */
  constructor(options: { Redis: unknown; client: unknown }, redisTime: () => number) {
    super(options);
    this.#redisTime = redisTime;
  }

  override __scriptFn__(name: string): Script {
    const run = super.__scriptFn__(name);
    return (...args) => {
      const done = args.at(-1) as ScriptDone;
      return run(...this.#withRedisTime(args.slice(0, -1)), (error: Error | null, reply: unknown) => {
        done(error === null ? null : reworded(error, name), reply);
      });
    };
  }

  override __removeLimiter__(limiter: Channels): void {
    for (const channel of [limiter.channel(), limiter.channel_client()]) {
      // A successor listens on the same channel.
      if (this.limiters[channel] === limiter) {
        delete this.limiters[channel];
        this.subscriber.unsubscribe(channel).catch(() => undefined);
      }
    }
  }

  /** The arguments are: number of keys, the keys, the time in milliseconds, and the rest. */
  #withRedisTime(args: unknown[]): unknown[] {
    return args.with(Number(args[0]) + 1, Math.round(this.#redisTime()));
  }
}

function reworded(error: Error, script: string): Error {
  const plain = error.message.replace(/^ERR /, '');
  error.message = plain === KEYS_VANISHED && !MAY_SET_UP.has(script) ? `ERR ${plain}` : plain;
  return error;
}

/** How long a booking may take to be written down, in milliseconds. */
const WRITE_DOWN_MS = 500;
/** Bottleneck runs its clean-up with each heartbeat: slots of killed holders come free within this time after expiry. */
const HEARTBEAT_MS = 250;

export interface LimiterPortOptions {
  shape: PoolShape;
  /** How long a slot is held at most from its booking on, in milliseconds. */
  expirationMs: number;
  onError: (error: unknown) => void;
  /** Given for a limiter that is shared over Redis. */
  shared?: { id: string; connection: TolerantConnection };
}

/** One Bottleneck limiter: slots are booked with it, and it calls when their time has come. */
export class LimiterPort {
  readonly #limiter: BottleneckLimiter;
  readonly #expirationMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #written = new Map<string, () => void>();
  readonly #held = new Set<() => void>();
  #open = 0;
  readonly #closed = new AbortController();

  constructor({ shape, expirationMs, onError, shared }: LimiterPortOptions) {
    const options = {
      minTime: shape.spacingMs,
      maxConcurrent: shape.maxConcurrent,
      heartbeatInterval: HEARTBEAT_MS,
      // Keys expire by a timer of ours: with a timeout Bottleneck hands Redis fractions of milliseconds.
      ...(shared === undefined ? {} : { datastore: 'ioredis', timeout: null, ...shared }),
    };
    const limiter = new Limiter(options);
    limiter.on('error', (error) => this.#report(error));
    limiter.on('scheduled', ({ options: { id } }) => this.#written.get(id)?.());
    this.#limiter = limiter;
    this.#expirationMs = expirationMs;
    this.#onError = onError;
  }

  /** The name under which Redis knows this limiter's process. */
  get clientId(): string {
    return this.#limiter.channel_client?.().split('_').at(-1) ?? '';
  }

  /** Whether something is booked or held. */
  get isInUse(): boolean {
    return this.#open > 0;
  }

  /** Rejects when the limiter could not be set up; it is then of no use. */
  async ready(): Promise<void> {
    await this.#limiter.ready();
  }

  /** Writes the settings again where they vanished, and makes itself known again. */
  async heal(): Promise<void> {
    await this.#limiter.check();
  }

  async configure({ spacingMs, maxConcurrent }: PoolShape): Promise<void> {
    await this.#limiter.updateSettings({ minTime: spacingMs, maxConcurrent });
  }

  /**
   * Books the next slot. Returns when it was written down (monotonic milliseconds), or null when that did not
   * happen: this booking is then void, `onTurn` is not called, and the limiter should be replaced.
   * `onEnd` is called once when the slot is free again, also when its holder never released it.
   */
  async book(onTurn: (turn: Turn) => void, onEnd: () => void = () => undefined): Promise<number | null> {
    const id = randomUUID();
    const written = Promise.withResolvers<number | null>();
    this.#written.set(id, () => written.resolve(monotonicMs()));
    const abandoned = new AbortController();
    this.#open += 1;
    const job = this.#limiter.schedule({ id, expiration: this.#expirationMs }, async () => {
      if (!abandoned.signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#held.add(resolve);
        onTurn({ release: resolve });
        await promise;
        this.#held.delete(resolve);
      }
    });
    job
      .catch((error: unknown) => {
        written.resolve(null);
        this.#report(error);
      })
      .finally(() => {
        this.#open -= 1;
        onEnd();
      });
    const writtenAt = await orAfter(written.promise, WRITE_DOWN_MS, null);
    this.#written.delete(id);
    if (writtenAt === null) {
      abandoned.abort();
    }
    return writtenAt;
  }

  /** Lets the next slot begin no sooner than `ms` milliseconds from now. For a fresh limiter. */
  async delayFirst(ms: number): Promise<void> {
    await this.#limiter.updateSettings({ minTime: ms, maxConcurrent: null });
    await this.#limiter.schedule({ id: randomUUID(), expiration: this.#expirationMs }, () =>
      Promise.resolve(),
    );
  }

  /** Books nothing more. What is booked still has its turn. */
  retire(): void {
    this.#limiter.disconnect(false);
  }

  /** Books nothing more, and ends what is booked or held: their timers would keep the process alive. */
  close(): void {
    this.#closed.abort();
    for (const release of this.#held) {
      release();
    }
    this.#limiter.stop({ dropWaitingJobs: true }).catch(() => undefined);
    this.retire();
  }

  #report(error: unknown): void {
    if (!this.#closed.signal.aborted) {
      this.#onError(error);
    }
  }
}

/** The driver is handed over because Bottleneck would look for it from its own place in the tree. */
export function openConnection(
  client: unknown,
  driver: typeof Redis,
  redisTime: () => number,
): TolerantConnection {
  return new TolerantConnection({ Redis: driver, client }, redisTime);
}
