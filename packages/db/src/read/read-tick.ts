import type { ScheduleTiming } from '@tidemark/core/schedules';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncSchedules } from '../schema/index.ts';
import { timingOf } from './schedule-row.ts';

/** The tick a schedule waits for, as it was read; what `takeTick` compares. */
export interface Tick {
  connectionId: string;
  connector: string;
  timing: ScheduleTiming;
  mode: 'incremental' | 'full';
  dueAt: Date;
  /** PostgreSQL's clock when it was read. */
  readAt: Date;
}

/** The next tick of a connection's schedule; null when there is no schedule, or no connection any more. */
export async function readTick(db: Database, connectionId: string): Promise<Tick | null> {
  const [row] = await db.orm
    .select({
      schedule: syncSchedules,
      connector: connections.connector,
      readAtMs: sql<number>`(extract(epoch FROM clock_timestamp()) * 1000)::float8`,
    })
    .from(syncSchedules)
    .innerJoin(connections, eq(connections.id, syncSchedules.connectionId))
    .where(and(eq(syncSchedules.connectionId, connectionId), isNull(connections.deletedAt)));
  if (row === undefined) return null;
  const { schedule, connector, readAtMs } = row;
  return {
    connectionId,
    connector,
    timing: timingOf(schedule),
    mode: schedule.mode,
    dueAt: schedule.nextTickAt,
    readAt: new Date(readAtMs),
  };
}
