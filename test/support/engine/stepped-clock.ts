import type { CrashHook } from '@tidemark/core/crash';

/** The clock of a worker process jumps: so many milliseconds forward, or backward, at the so-manieth point it comes to. */
export interface ClockStep {
  /** 0: it is wrong when the process starts. */
  count: number;
  byMs: number;
}

/** The variable that holds the steps, as JSON. */
export const CLOCK_STEPS = 'CLOCK_STEPS';

/**
 * Puts a clock that can be set under everything in this process, libraries included. Timers go on as they were: they
 * count time and do not read the clock, as with a real one. Returns how to step it.
 */
export function installSteppedClock(): (byMs: number) => void {
  const RealDate = globalThis.Date;
  let offMs = 0;
  const now = (): number => RealDate.now() + offMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  return (byMs) => {
    offMs += byMs;
  };
}

/** A hook that steps the clock where it is planned, and passes on. */
export function steppingHook(
  steps: readonly ClockStep[],
  step: (byMs: number) => void,
  next: CrashHook,
): CrashHook {
  let calls = 0;
  const stepHere = (): void => {
    for (const { count, byMs } of steps) if (count === calls) step(byMs);
  };
  stepHere();
  return (point, seq) => {
    calls += 1;
    stepHere();
    next(point, seq);
  };
}
