/**
 * The simulator's clock. Everything the simulated source says about time (the `Date` header, regained
 * budgets, times of added messages) comes from here; arrival times in the ledger do not.
 */
export interface SimClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock forward by so many milliseconds. */
  advance(ms: number): void;
}

/** Real time plus whatever it was advanced by: an hour's budget can be waited out at once. */
export function createOffsetClock(): SimClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance: (ms) => {
      offset += ms;
    },
  };
}

/** A clock that stands still until it is advanced, starting at `start` (milliseconds since the epoch). */
export function createManualClock(start: number): SimClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Waits for so many milliseconds of real time; tests put their own in its place. */
export type Sleep = (ms: number) => Promise<void>;

let day = '';
let dayNumber = -1;

/** `2022-07-12T19:11:07+0000`: the form of the Graph API, which is not RFC 3339. Takes epoch seconds. */
export function graphTime(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  // Formatting a date is most of what a short message costs, and neighbours share their day.
  if (days !== dayNumber) {
    day = new Date(days * 86_400_000).toISOString().slice(0, 11);
    dayNumber = days;
  }
  const rest = seconds - days * 86_400;
  return `${day}${pad(Math.floor(rest / 3600))}:${pad(Math.floor((rest % 3600) / 60))}:${pad(rest % 60)}+0000`;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
