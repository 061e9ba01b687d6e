import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { leaseKey } from './claim-page.ts';

export type DeleteConnectionOutcome =
  | { kind: 'deleted' }
  | { kind: 'notFound' }
  /** The connection has a live sync, which must be cancelled first. */
  | { kind: 'busy'; activeSyncId: string };

/**
 * Deletes a connection. Without `purge` its row stays, marked and without credentials, and so do the rows it
 * brought, but not its schedule; with `purge` all of it goes, also when it was deleted without before.
 *
 * The connection's row is locked first. A sync that is being started holds a key share lock on it through its
 * foreign key, so either this sees that sync, or the sync comes after the deletion.
 */
export async function deleteConnection(
  db: Database,
  target: { tenantId: string; connectionId: string; purge: boolean },
): Promise<DeleteConnectionOutcome> {
  return db.sql.begin(async (tx) => {
    const held = await tx`
      SELECT 1 FROM connections
      WHERE id = ${target.connectionId} AND tenant_id = ${target.tenantId}
        AND (deleted_at IS NULL OR ${target.purge})
      FOR UPDATE`;
    if (held.length === 0) return { kind: 'notFound' };
    const [live] = await tx<{ id: string }[]>`
      SELECT id FROM syncs
      WHERE connection_id = ${target.connectionId} AND status IN ('queued', 'running', 'paused')`;
    if (live !== undefined) return { kind: 'busy', activeSyncId: live.id };
    await (target.purge ? purge(tx, target.connectionId) : markDeleted(tx, target.connectionId));
    return { kind: 'deleted' };
  });
}

async function markDeleted(tx: postgres.TransactionSql, connectionId: string): Promise<void> {
  await tx`
    UPDATE connections
       SET deleted_at = clock_timestamp(), credentials = NULL, updated_at = clock_timestamp()
     WHERE id = ${connectionId}`;
  await tx`DELETE FROM sync_schedules WHERE connection_id = ${connectionId}`;
}

async function purge(tx: postgres.TransactionSql, connectionId: string): Promise<void> {
  // Years of messages take longer than a statement of a request may.
  await tx`SET LOCAL statement_timeout = '15min'`;
  const pools = await tx<{ pool: string }[]>`
    SELECT p.pool FROM limit_pools p
    JOIN connection_pools c ON c.pool = p.pool
    WHERE c.connection_id = ${connectionId}
    ORDER BY p.pool
    FOR UPDATE OF p`;
  await tx`DELETE FROM connections WHERE id = ${connectionId}`;
  await tx`DELETE FROM sync_locks WHERE key = ${leaseKey(connectionId)}`;
  // Asked again in a statement of its own: who linked a pool before we had its lock is seen only now.
  await tx`
    DELETE FROM limit_pools p
    WHERE p.pool = ANY (${pools.map((row) => row.pool)}::text[])
      AND NOT EXISTS (SELECT 1 FROM connection_pools c WHERE c.pool = p.pool)`;
}
