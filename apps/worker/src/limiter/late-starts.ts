import { type Booking, HORIZON_MS, type PoolShape } from './gate.ts';
import { monotonicMs } from './timing.ts';

/** A slot and the settings it was booked with. */
export interface BookedSlot {
  shape: PoolShape;
  booking: Booking;
}

/** Whether the slot must not be used: it is late (its process stood still), and nothing could make up for it. */
export function isTooLate({ booking, shape }: BookedSlot): boolean {
  return monotonicMs() - booking.dueAt > (shape.canPutOff ? HORIZON_MS : shape.slackMs);
}

/**
 * Makes up for a call that starts late. It comes closer to those after it, and the window that begins with it may
 * hold one call too many; unless the last of these comes later as well. That one is not booked yet when the window
 * is longer than the horizon, so the next booking is put off by what this call is too late. `putOff` never rejects.
 */
export function makeUpForLateStart(slot: BookedSlot, putOff: (slot: BookedSlot, ms: number) => void): void {
  const makeUp = (): void => {
    const tooLateMs = monotonicMs() - slot.booking.dueAt - slot.shape.slackMs;
    if (tooLateMs > 0) {
      putOff(slot, tooLateMs);
    }
  };
  makeUp();
  // The call leaves this process when the event loop turns, and only then is it known how long that took.
  setImmediate(makeUp);
}
