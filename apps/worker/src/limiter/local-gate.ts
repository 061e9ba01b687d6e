import { LimiterPort } from './bottleneck-port.ts';
import {
  type Booking,
  type Look,
  type PoolGate,
  type PoolShape,
  type Refusal,
  type Turn,
  UNREACHABLE_MS,
} from './gate.ts';
import { monotonicMs } from './timing.ts';

/** A pool of this process alone. Keeps its own account of when the next slot is free: Bottleneck tells nobody. */
export class LocalGate implements PoolGate {
  readonly #expirationMs: number;
  readonly #onError: (error: unknown) => void;
  #shape: PoolShape;
  #port: LimiterPort;
  /** Predecessors whose slots are not all over. */
  #former: LimiterPort[] = [];
  #lastDueAt = Number.NEGATIVE_INFINITY;
  #putOffMs = 0;
  #taken = 0;

  constructor(shape: PoolShape, expirationMs: number, onError: (error: unknown) => void) {
    this.#shape = shape;
    this.#expirationMs = expirationMs;
    this.#onError = onError;
    this.#port = this.#newPort(shape);
  }

  look(shape: PoolShape, maxWaitMs: number): Promise<Look> {
    return Promise.resolve(this.#look(shape, maxWaitMs));
  }

  async book(shape: PoolShape, maxWaitMs: number, onTurn: (turn: Turn) => void): Promise<Booking | Refusal> {
    await this.#follow(shape);
    const seen = this.#look(shape, maxWaitMs);
    if (seen.kind === 'refused') {
      return seen;
    }
    const nextAt = this.#lastDueAt + shape.spacingMs;
    this.#taken += 1;
    const writtenAt = await this.#port.book(onTurn, () => {
      this.#taken -= 1;
    });
    if (writtenAt === null) {
      return { kind: 'refused', reason: 'rate', waitMs: UNREACHABLE_MS };
    }
    this.#lastDueAt = Math.max(nextAt, writtenAt);
    return { kind: 'booked', dueAt: this.#lastDueAt, putOffMs: this.#putOffMs };
  }

  /** A limiter of Bottleneck's cannot be told to wait, so its successor begins later. */
  async putOff(shape: PoolShape, booking: Booking, ms: number): Promise<void> {
    const moreMs = ms - (this.#putOffMs - booking.putOffMs);
    if (moreMs > 0) {
      this.#putOffMs += moreMs;
      this.#lastDueAt = Math.max(this.#lastDueAt, monotonicMs() - shape.spacingMs) + moreMs;
      await this.#succeed(shape);
    }
  }

  close(): void {
    for (const port of [this.#port, ...this.#former]) {
      port.close();
    }
  }

  #look({ spacingMs, maxConcurrent }: PoolShape, maxWaitMs: number): Look {
    const waitMs = Math.max(0, this.#lastDueAt + spacingMs - monotonicMs());
    if (waitMs > maxWaitMs) {
      return { kind: 'refused', reason: 'rate', waitMs };
    }
    if (maxConcurrent !== null && this.#taken >= maxConcurrent) {
      return { kind: 'refused', reason: 'concurrency', waitMs: maxWaitMs };
    }
    return { kind: 'free', waitMs };
  }

  /**
   * Takes over changed settings. Bottleneck would keep the next slot where the old spacing put it, an hour away
   * perhaps; so a new limiter goes on from the last slot at the new distance. What the old one booked still comes.
   */
  async #follow(shape: PoolShape): Promise<void> {
    const { spacingMs, maxConcurrent } = this.#shape;
    if (shape.spacingMs === spacingMs && shape.maxConcurrent === maxConcurrent) {
      return;
    }
    await this.#succeed(shape);
  }

  async #succeed(shape: PoolShape): Promise<void> {
    this.#shape = shape;
    const port = this.#newPort(shape);
    const gapMs = this.#lastDueAt + shape.spacingMs - monotonicMs();
    if (gapMs > 0) {
      await port.delayFirst(gapMs);
      await port.configure(shape);
    }
    this.#former = [this.#port, ...this.#former].filter(({ isInUse }) => isInUse);
    this.#port = port;
  }

  #newPort(shape: PoolShape): LimiterPort {
    return new LimiterPort({ shape, expirationMs: this.#expirationMs, onError: this.#onError });
  }
}
