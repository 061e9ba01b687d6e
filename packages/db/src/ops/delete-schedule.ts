import type { Database } from '../database.ts';

/** Deletes the schedule of a connection of the tenant; syncs it started go on. False: there is none. */
export async function deleteSchedule(
  db: Database,
  target: { tenantId: string; connectionId: string },
): Promise<boolean> {
  const deleted = await db.sql`
    DELETE FROM sync_schedules s
    USING connections c
    WHERE s.connection_id = ${target.connectionId} AND c.id = s.connection_id
      AND c.tenant_id = ${target.tenantId} AND c.deleted_at IS NULL`;
  return deleted.count > 0;
}
