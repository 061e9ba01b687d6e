import type { Database } from '../database.ts';

/**
 * Extends a lease while work goes on, and the heartbeat of its sync with it. False: the lease was lost, and its
 * holder must stop.
 */
export async function extendLease(
  db: Database,
  lease: { key: string; fencingToken: string; leaseSeconds: number; syncId: string },
): Promise<boolean> {
  const [row] = await db.sql<{ held: boolean }[]>`
    WITH lease AS MATERIALIZED (
      SELECT extend_sync_lock(${lease.key}, ${lease.fencingToken}::bigint, ${lease.leaseSeconds}) AS held
    ), beat AS (
      UPDATE syncs SET heartbeat_at = clock_timestamp() FROM lease WHERE id = ${lease.syncId} AND lease.held
    )
    SELECT held FROM lease`;
  return row?.held ?? false;
}

/** Releases a lease at the end of work. Losing it before is no error: then somebody else holds it. */
export async function releaseLease(
  db: Database,
  lease: { key: string; fencingToken: string },
): Promise<void> {
  await db.sql`SELECT release_sync_lock(${lease.key}, ${lease.fencingToken}::bigint)`;
}
