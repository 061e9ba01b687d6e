import type { Schedule } from '@tidemark/core/contracts';
import { and, eq, getTableColumns, isNull } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncSchedules } from '../schema/index.ts';
import { toSchedule } from './schedule-row.ts';

/** The schedule of a connection of the tenant, or null. */
export async function getSchedule(
  db: Database,
  target: { tenantId: string; connectionId: string },
): Promise<Schedule | null> {
  const [row] = await db.orm
    .select(getTableColumns(syncSchedules))
    .from(syncSchedules)
    .innerJoin(connections, eq(connections.id, syncSchedules.connectionId))
    .where(
      and(
        eq(syncSchedules.connectionId, target.connectionId),
        eq(connections.tenantId, target.tenantId),
        isNull(connections.deletedAt),
      ),
    );
  return row === undefined ? null : toSchedule(row);
}
