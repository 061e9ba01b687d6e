import type { Schedule } from '@tidemark/core/contracts';
import type { ScheduleTiming } from '@tidemark/core/schedules';
import type { syncSchedules } from '../schema/index.ts';

export type ScheduleRow = typeof syncSchedules.$inferSelect;

/** The columns that say when a schedule ticks. */
export type TimingColumns = Pick<
  ScheduleRow,
  'connectionId' | 'cron' | 'timezone' | 'everySeconds' | 'nextTickAt'
>;

/** A check constraint lets each row be one of the two. */
export function timingOf(row: TimingColumns): ScheduleTiming {
  if (row.everySeconds !== null) return { everySeconds: row.everySeconds, anchor: row.nextTickAt };
  if (row.cron !== null && row.timezone !== null) return { cron: row.cron, timezone: row.timezone };
  throw new Error(`The schedule of connection ${row.connectionId} has no timing.`);
}

export function toSchedule(row: ScheduleRow): Schedule {
  return {
    connectionId: row.connectionId,
    cron: row.cron,
    timezone: row.timezone,
    everySeconds: row.everySeconds,
    mode: row.mode,
    nextTickAt: row.nextTickAt.toISOString(),
    lastTickAt: row.lastTickAt?.toISOString() ?? null,
    lastSyncId: row.lastSyncId,
    ticksStarted: row.ticksStarted,
    ticksSkipped: row.ticksSkipped,
    lastSkippedAt: row.lastSkippedAt?.toISOString() ?? null,
    lastSkipReason: row.lastSkipReason,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
