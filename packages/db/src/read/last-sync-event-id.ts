import type { Database } from '../database.ts';

/** The id of the newest event of a sync; 0 when there is none. */
export async function lastSyncEventId(db: Database, syncId: string): Promise<bigint> {
  const [row] = await db.sql<{ id: string }[]>`
    SELECT coalesce(max(id), 0)::text AS id FROM sync_events WHERE sync_id = ${syncId}`;
  return BigInt(row?.id ?? 0);
}
