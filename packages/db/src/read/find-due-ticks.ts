import { asc, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncSchedules } from '../schema/index.ts';

/** Connections whose tick has been due for so long by PostgreSQL's clock, the oldest first. */
export async function findDueTicks(
  db: Database,
  options: { overdueMs: number; limit: number },
): Promise<string[]> {
  const rows = await db.orm
    .select({ connectionId: syncSchedules.connectionId })
    .from(syncSchedules)
    .where(
      sql`${syncSchedules.nextTickAt} <= clock_timestamp() - make_interval(secs => ${options.overdueMs / 1000})`,
    )
    .orderBy(asc(syncSchedules.nextTickAt))
    .limit(options.limit);
  return rows.map((row) => row.connectionId);
}
