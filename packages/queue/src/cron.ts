import { TICK_SECONDS_MIN } from '@tidemark/core/contracts';
import type { CronTiming, NextCronTime } from '@tidemark/core/schedules';
import { Cron } from 'croner';

/** Cron expressions of this many fields are read; the library knows nicknames, years and single dates besides. */
const FIELDS = /^\S+(?:\s+\S+){4,5}$/;

/**
 * The first time of a cron expression strictly after another, as the clocks of its time zone show it. Where they jump
 * ahead over a fixed time, that tick comes right after the jump; where they are put back over one, it comes once, at
 * the first of the two. What repeats within the hour keeps its rhythm over both. Throws when the expression or the
 * time zone cannot be read.
 */
export const nextCronTime: NextCronTime = ({ cron, timezone }: CronTiming, after: Date) =>
  new Cron(cron, { timezone, mode: '5-or-6-parts', paused: true }).nextRun(after);

/** What is wrong with a cron expression, for the person who wrote it; null when nothing is. */
export function cronProblem(cron: string, after: Date): string | null {
  if (!FIELDS.test(cron)) {
    return 'must have five fields (minute, hour, day, month, weekday), or six with the seconds in front.';
  }
  try {
    if (isTooFrequent(cron)) return `must leave at least ${TICK_SECONDS_MIN} seconds between two ticks.`;
    const next = nextCronTime({ cron, timezone: 'UTC' }, after);
    return next === null ? 'has no time to come, such as 30 February. Check the day and the month.' : null;
  } catch (error) {
    return `cannot be read: ${reasonOf(error)}`;
  }
}

/**
 * Only the seconds can be too dense: everything else is minutes apart. Their distance over the end of a minute counts
 * as well, whether or not the next minute has a tick.
 */
function isTooFrequent(cron: string): boolean {
  const [seconds = '', ...others] = cron.split(/\s+/);
  if (others.length < 5) return false;
  const everyMinute = new Cron(`${seconds} * * * * *`, { timezone: 'UTC', mode: '6-part', paused: true });
  const ticks = everyMinute.nextRuns(60, new Date(0)).map((tick) => tick.getTime());
  return ticks.some((tick, index) => index > 0 && tick - (ticks[index - 1] ?? 0) < TICK_SECONDS_MIN * 1_000);
}

/** The library names itself in front of what it says. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
}
