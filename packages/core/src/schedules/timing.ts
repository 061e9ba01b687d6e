/** When a schedule ticks: at the times of a cron expression, as the clocks of a time zone show them. */
export interface CronTiming {
  cron: string;
  /** A name of the IANA database, such as `Europe/Berlin`. */
  timezone: string;
}

/** When a schedule ticks: every so many seconds, whatever clocks on walls do. */
export interface IntervalTiming {
  everySeconds: number;
  /** Any tick of the schedule, past or to come; the others are whole intervals away from it. */
  anchor: Date;
}

export type ScheduleTiming = CronTiming | IntervalTiming;

/**
 * The first time of a cron expression strictly after another, or null when it has none. Pure; core has the port only,
 * because reading cron expressions is a library's business.
 */
export type NextCronTime = (timing: CronTiming, after: Date) => Date | null;

/** A cron expression without a time to come. The API refuses such schedules, so elsewhere this is a bug. */
export class NeverTicksError extends Error {
  override readonly name = 'NeverTicksError';

  constructor(timing: CronTiming) {
    super(`The cron expression "${timing.cron}" has no time to come.`);
  }
}

/**
 * The first tick strictly after `after`. However many ticks were missed before it, it is one: a schedule that was down
 * catches up once and does not pile up. Throws NeverTicksError.
 */
export function nextTick(timing: ScheduleTiming, after: Date, nextCronTime: NextCronTime): Date {
  if ('everySeconds' in timing) return nextInterval(timing, after);
  const next = nextCronTime(timing, after);
  if (next === null) throw new NeverTicksError(timing);
  return next;
}

function nextInterval({ everySeconds, anchor }: IntervalTiming, after: Date): Date {
  const everyMs = everySeconds * 1_000;
  const intervals = Math.floor((after.getTime() - anchor.getTime()) / everyMs) + 1;
  return new Date(anchor.getTime() + intervals * everyMs);
}

/**
 * One text for each rhythm: equal for timings that tick at the same times. Intervals are told by their phase, so that
 * the text stays the same from tick to tick.
 */
export function rhythmOf(timing: ScheduleTiming): string {
  if (!('everySeconds' in timing)) return `${timing.cron} ${timing.timezone}`;
  const everyMs = timing.everySeconds * 1_000;
  const phaseMs = ((timing.anchor.getTime() % everyMs) + everyMs) % everyMs;
  return `every ${timing.everySeconds} s, ${phaseMs} ms after the epoch`;
}
