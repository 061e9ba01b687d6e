import type { RefusalReason } from './types.ts';

/** What a pool's settings come to for the mechanism. */
export interface PoolShape {
  /** Between the starts of two calls, in milliseconds. */
  spacingMs: number;
  maxConcurrent: number | null;
  /** How late a call may start without one too many in a window, in milliseconds. */
  slackMs: number;
  /** Whether a later start can be made up for by putting off calls that are not booked yet. */
  canPutOff: boolean;
}

/** `waitMs`: until it is worth asking again, as far as is known; more than what the caller would have waited. */
export interface Refusal {
  kind: 'refused';
  reason: Exclude<RefusalReason, 'paused'>;
  waitMs: number;
}

/** A slot that is ours: its turn comes at `dueAt` (monotonic milliseconds). */
export interface Booking {
  kind: 'booked';
  dueAt: number;
  /** What all slots were put off by so far, in milliseconds, over the life of the pool's account. */
  putOffMs: number;
}

export type Look = Refusal | { kind: 'free'; waitMs: number };

/** The time of a booked slot has come. */
export interface Turn {
  /** Ends the use of the slot. Idempotent. */
  release(): void;
}

/** One pool's mechanism: Bottleneck in this process alone, or shared over Redis. */
export interface PoolGate {
  /** How long a booking would wait now. Books nothing. Never rejects. */
  look(shape: PoolShape, maxWaitMs: number): Promise<Look>;
  /**
   * Takes the next slot if it is not further away than `maxWaitMs` milliseconds. `onTurn` is called once when its
   * time has come. Never rejects. To be called for one slot at a time.
   */
  book(shape: PoolShape, maxWaitMs: number, onTurn: (turn: Turn) => void): Promise<Booking | Refusal>;
  /**
   * Puts off every slot that is not booked yet so that it comes `ms` milliseconds later than it did in the eyes of
   * this booking. What was put off since the booking counts: one standstill of the machine makes many calls late,
   * in many processes, and is made up for once. Never rejects.
   */
  putOff(shape: PoolShape, booking: Booking, ms: number): Promise<void>;
  close(): void;
}

/** No slot is booked further ahead than this, in milliseconds, whatever a caller would wait. */
export const HORIZON_MS = 1_000;

/** When the mechanism cannot be reached: ask again after this time, in milliseconds. */
export const UNREACHABLE_MS = 1_000;
