import { type PoolGate, type PoolShape, type Refusal, type Turn, UNREACHABLE_MS } from './gate.ts';
import { type BookedSlot, isTooLate, makeUpForLateStart } from './late-starts.ts';
import { monotonicMs, orAfter, Serial } from './timing.ts';

/** A waiter whose slot does not come is sent away this long after its longest wait, in milliseconds. */
const RESCUE_MS = 1_000;
/** Who gets to book this long after the longest wait is refused: those before met a mechanism that does not answer. */
const BOOKING_GRACE_MS = 250;

const UNREACHABLE: Refusal = { kind: 'refused', reason: 'rate', waitMs: UNREACHABLE_MS };

/** A slot whose time has come, for its user. */
export interface TakenSlot extends Turn {
  /** To be called when the call starts. Makes up for what it is late. */
  start(): void;
}

export type Taken = { kind: 'taken'; slot: TakenSlot } | Refusal;

interface Waiter {
  readonly taken: Promise<Taken>;
  settle(taken: Taken): void;
}

/**
 * The line of those in this process who wait for a pool: first come, first served. Slots are booked one for each
 * waiter and never further ahead than a waiter waits. They are not bound to each other: the slot whose time has
 * come goes to the first in line, and that of somebody who left early to the next one who comes.
 */
export class PoolLine {
  readonly #gate: PoolGate;
  readonly #serial = new Serial();
  readonly #waiters: Waiter[] = [];
  /** Slots that are booked and whose turn has not come. */
  #ahead = 0;
  /** Turns that were given out and not released. */
  #held = 0;
  #busy = 0;
  readonly #closed = new AbortController();
  #lastUsedAt = monotonicMs();

  constructor(gate: PoolGate) {
    this.#gate = gate;
  }

  /** Nobody waits, holds or books, since this moment (monotonic milliseconds); null when somebody does. */
  get idleSince(): number | null {
    return this.#ahead + this.#held + this.#busy === 0 ? this.#lastUsedAt : null;
  }

  async look(shape: PoolShape, maxWaitMs: number) {
    const isSpare = this.#ahead > this.#waiters.length;
    return isSpare ? ({ kind: 'free', waitMs: 0 } as const) : await this.#gate.look(shape, maxWaitMs);
  }

  /**
   * Waits for a slot until a moment (monotonic milliseconds), or is refused at once. Rejects with the signal's reason
   * when it aborts.
   */
  async take(shape: PoolShape, until: number, signal: AbortSignal): Promise<Taken> {
    this.#busy += 1;
    try {
      const place = await this.#serial.run(() => this.#join(shape, until, signal));
      return 'kind' in place ? place : await this.#wait(place, until, signal);
    } finally {
      this.#busy -= 1;
      this.#lastUsedAt = monotonicMs();
    }
  }

  close(): void {
    this.#closed.abort();
    for (const waiter of this.#waiters.splice(0)) {
      waiter.settle(UNREACHABLE);
    }
    this.#gate.close();
  }

  /** Gets in line, with a slot for it. Bookings are one at a time; the waits that follow are not. */
  async #join(shape: PoolShape, until: number, signal: AbortSignal): Promise<Waiter | Refusal> {
    signal.throwIfAborted();
    const leftMs = until - monotonicMs();
    if (leftMs < -BOOKING_GRACE_MS || this.#closed.signal.aborted) {
      return UNREACHABLE;
    }
    if (this.#ahead <= this.#waiters.length) {
      const booked = Promise.withResolvers<BookedSlot>();
      const onTurn = (turn: Turn): void => {
        booked.promise.then((slot) => this.#onTurn(turn, slot)).catch(() => turn.release());
      };
      const booking = await this.#gate.book(shape, Math.max(0, leftMs), onTurn);
      if (booking.kind === 'refused') {
        return booking;
      }
      this.#ahead += 1;
      booked.resolve({ shape, booking });
      if (this.#closed.signal.aborted) {
        return UNREACHABLE;
      }
    }
    const { promise, resolve } = Promise.withResolvers<Taken>();
    const waiter: Waiter = { taken: promise, settle: resolve };
    this.#waiters.push(waiter);
    return waiter;
  }

  #onTurn(turn: Turn, slot: BookedSlot): void {
    this.#ahead -= 1;
    const waiter = this.#waiters.shift();
    if (waiter === undefined || isTooLate(slot)) {
      turn.release();
      waiter?.settle({ kind: 'refused', reason: 'rate', waitMs: 0 });
      return;
    }
    this.#held += 1;
    let isHeld = true;
    const release = (): void => {
      if (isHeld) {
        isHeld = false;
        this.#held -= 1;
        turn.release();
      }
    };
    const start = (): void => makeUpForLateStart(slot, this.#putOff);
    waiter.settle({ kind: 'taken', slot: { release, start } });
  }

  readonly #putOff = ({ shape, booking }: BookedSlot, ms: number): void => {
    this.#serial.run(() => this.#gate.putOff(shape, booking, ms)).catch(() => undefined);
  };

  async #wait(waiter: Waiter, until: number, signal: AbortSignal): Promise<Taken> {
    const leave = (): void => {
      const place = this.#waiters.indexOf(waiter);
      if (place !== -1) {
        this.#waiters.splice(place, 1);
      }
    };
    const left = Promise.withResolvers<never>();
    const onAbort = (): void => {
      leave();
      left.reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const rescue: Refusal = { kind: 'refused', reason: 'rate', waitMs: 0 };
    try {
      const rescueMs = Math.max(0, until - monotonicMs()) + RESCUE_MS;
      return await orAfter(Promise.race([waiter.taken, left.promise]), rescueMs, rescue);
    } finally {
      signal.removeEventListener('abort', onAbort);
      leave();
    }
  }
}
