import type postgres from 'postgres';
import type { Database } from '../database.ts';

export type ResetConnectionOutcome =
  | { kind: 'reset' }
  | { kind: 'notFound' }
  /** The connection has a live sync, whose checkpoint must not be taken from under it. */
  | { kind: 'busy'; activeSyncId: string };

/**
 * Forgets checkpoint and watermark of every stream, and sweeps that wait for approval, so that the next sync reads everything. Synced rows stay, and are
 * left alone where the source did not change.
 *
 * The connection's row is locked first, as by everybody who starts or deletes: either this sees a sync that is being
 * started, or that sync finds nothing known.
 */
export async function resetConnection(
  db: Database,
  target: { tenantId: string; connectionId: string },
): Promise<ResetConnectionOutcome> {
  return db.sql.begin(async (tx) => {
    const held = await tx`
      SELECT 1 FROM connections
      WHERE id = ${target.connectionId} AND tenant_id = ${target.tenantId} AND deleted_at IS NULL
      FOR UPDATE`;
    if (held.length === 0) return { kind: 'notFound' };
    const [live] = await tx<{ id: string }[]>`
      SELECT id FROM syncs
      WHERE connection_id = ${target.connectionId} AND status IN ('queued', 'running', 'paused')`;
    if (live !== undefined) return { kind: 'busy', activeSyncId: live.id };
    await tx`
      UPDATE sync_state
         SET sync_id = NULL, checkpoint = NULL, done = false, pending_watermark = NULL, failed_page_id = NULL,
             watermark = NULL, updated_at = clock_timestamp()
       WHERE connection_id = ${target.connectionId}`;
    await tx`DELETE FROM source_positions WHERE connection_id = ${target.connectionId}`;
    await supersedeSweeps(tx, target.connectionId);
    return { kind: 'reset' };
  });
}

async function supersedeSweeps(tx: postgres.TransactionSql, connectionId: string): Promise<void> {
  await tx`
    WITH former AS MATERIALIZED (
      SELECT id FROM sync_sweeps
      WHERE connection_id = ${connectionId} AND (status = 'walking' OR (status = 'held' AND NOT is_aside))
      ORDER BY id
      FOR UPDATE
    ), forgotten AS (
      DELETE FROM sync_seen WHERE sweep_id IN (SELECT id FROM former)
    )
    UPDATE sync_sweeps SET status = 'superseded', decided_at = clock_timestamp()
    WHERE id IN (SELECT id FROM former)`;
}
