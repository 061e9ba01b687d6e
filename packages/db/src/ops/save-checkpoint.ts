import type { Database } from '../database.ts';
import { leaseKey } from './claim-page.ts';

/**
 * Replaces the checkpoint of a stream without moving on: the same page is asked for in another form, with its attempts
 * counted anew. A sync has its place in one of the two tables. Written only under the newest lease. False: the lease was lost.
 */
export async function saveCheckpoint(
  db: Database,
  target: { syncId: string; connectionId: string; stream: string; fencingToken: string },
  checkpoint: unknown,
): Promise<boolean> {
  const rows = await db.sql`
    WITH lease AS MATERIALIZED (
      SELECT 1 FROM sync_locks
      WHERE key = ${leaseKey(target.connectionId)} AND fencing_token = ${target.fencingToken}::bigint
        AND expires_at > clock_timestamp()
      FOR UPDATE
    ), anew AS (
      UPDATE syncs SET attempt = 1 FROM lease WHERE id = ${target.syncId}
    ), own AS (
      UPDATE sync_state
         SET checkpoint = ${JSON.stringify(checkpoint)}::text::jsonb, updated_at = clock_timestamp()
        FROM lease
       WHERE connection_id = ${target.connectionId} AND stream = ${target.stream} AND sync_id = ${target.syncId}
      RETURNING 1
    ), aside AS (
      UPDATE walk_state
         SET checkpoint = ${JSON.stringify(checkpoint)}::text::jsonb, updated_at = clock_timestamp()
        FROM lease
       WHERE sync_id = ${target.syncId} AND stream = ${target.stream}
      RETURNING 1
    )
    SELECT 1 FROM own UNION ALL SELECT 1 FROM aside`;
  return rows.length > 0;
}
