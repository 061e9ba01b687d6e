import type { ScheduleTiming } from '@tidemark/core/schedules';
import { asc } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncSchedules } from '../schema/index.ts';
import { timingOf } from './schedule-row.ts';

/** Of every tenant: when each schedule ticks. For the mirror in the queue, which is compared as a whole. */
export async function listScheduleTimings(
  db: Database,
): Promise<{ connectionId: string; timing: ScheduleTiming }[]> {
  const { connectionId, cron, timezone, everySeconds, nextTickAt } = syncSchedules;
  const rows = await db.orm
    .select({ connectionId, cron, timezone, everySeconds, nextTickAt })
    .from(syncSchedules)
    .orderBy(asc(connectionId));
  return rows.map((row) => ({ connectionId: row.connectionId, timing: timingOf(row) }));
}
