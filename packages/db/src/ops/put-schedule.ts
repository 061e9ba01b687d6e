import type { Schedule } from '@tidemark/core/contracts';
import { eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { toSchedule } from '../read/schedule-row.ts';
import { syncSchedules } from '../schema/index.ts';

/** A schedule as it is asked for. */
export interface ScheduleRequest {
  cron: string | null;
  timezone: string | null;
  everySeconds: number | null;
  mode: 'incremental' | 'full';
}

/**
 * Creates or replaces the schedule of a connection. Null: the tenant has no such connection.
 *
 * `firstTick` says when it ticks first, by PostgreSQL's clock. A schedule that ticks as before keeps its next tick, so
 * that putting the same again and again does not put its ticks off for ever; the counts stay in any case.
 *
 * The connection's row is locked first, as everything does that touches both: a deletion comes before or after.
 */
export async function putSchedule(
  db: Database,
  target: { tenantId: string; connectionId: string },
  request: ScheduleRequest,
  firstTick: (now: Date) => Date,
): Promise<Schedule | null> {
  const { connectionId } = target;
  const { cron, timezone, everySeconds, mode } = request;
  const stored = await db.sql.begin(async (tx) => {
    const [held] = await tx<{ nowMs: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs" FROM connections
      WHERE id = ${connectionId} AND tenant_id = ${target.tenantId} AND deleted_at IS NULL
      FOR KEY SHARE`;
    if (held === undefined) return false;
    const next = firstTick(new Date(held.nowMs)).toISOString();
    await tx`
      INSERT INTO sync_schedules AS s (connection_id, cron, timezone, every_seconds, mode, next_tick_at)
      VALUES (${connectionId}, ${cron}, ${timezone}, ${everySeconds}, ${mode}, ${next})
      ON CONFLICT (connection_id) DO UPDATE
        SET cron = excluded.cron, timezone = excluded.timezone, every_seconds = excluded.every_seconds,
            mode = excluded.mode, updated_at = clock_timestamp(),
            next_tick_at = CASE
              WHEN (s.cron, s.timezone, s.every_seconds)
                   IS NOT DISTINCT FROM (excluded.cron, excluded.timezone, excluded.every_seconds)
              THEN s.next_tick_at ELSE excluded.next_tick_at END`;
    return true;
  });
  if (!stored) return null;
  const [row] = await db.orm.select().from(syncSchedules).where(eq(syncSchedules.connectionId, connectionId));
  return row === undefined ? null : toSchedule(row);
}
