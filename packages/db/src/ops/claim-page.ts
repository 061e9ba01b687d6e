import { jobIdOf } from '@tidemark/core/queue';
import type { Database } from '../database.ts';
import { releaseLease } from './extend-lease.ts';

export type ClaimOutcome =
  /** The lease is ours under this token. */
  | { kind: 'claimed'; fencingToken: string }
  /** Another live worker holds the lease of the connection. */
  | { kind: 'held' }
  | { kind: 'superseded' };

/** The key of the lease every write to a connection's rows is made under. */
export function leaseKey(connectionId: string): string {
  return `sync-${connectionId}`;
}

/**
 * Takes the lease of the connection for this pickup of the page, and moves a queued sync to running.
 *
 * Locks, in the order every writer takes them: the lease row, then the sync's row. The update compares position and
 * status again under its lock, so a cancellation that was acknowledged before is seen; the lease is given back then.
 *
 * Outcomes: `claimed` with a new fencing token; `held`; `superseded`, with nothing changed.
 */
export async function claimPage(
  db: Database,
  page: {
    syncId: string;
    connectionId: string;
    seq: number;
    pickup: number;
    worker: string;
    leaseSeconds: number;
  },
): Promise<ClaimOutcome> {
  const { syncId, seq, pickup, worker } = page;
  const key = leaseKey(page.connectionId);
  const jobId = jobIdOf('sync-page', { syncId, seq, pickup });
  const [row] = await db.sql<{ token: string | null; moved: boolean }[]>`
    WITH wanted AS MATERIALIZED (
      SELECT id FROM syncs
      WHERE id = ${syncId} AND seq = ${seq} AND pickup = ${pickup} AND status IN ('queued', 'running')
    ), lease AS MATERIALIZED (
      SELECT acquire_sync_lock(${key}, ${worker}, ${page.leaseSeconds}) AS token FROM wanted
    ), moved AS (
      UPDATE syncs s
         SET status = 'running',
             status_cause = CASE WHEN s.status = 'queued' THEN 'picked up' ELSE s.status_cause END,
             status_worker = CASE WHEN s.status = 'queued' THEN ${worker} ELSE s.status_worker END,
             started_at = coalesce(s.started_at, clock_timestamp()), heartbeat_at = clock_timestamp(),
             next_run_at = NULL
        FROM lease
       WHERE lease.token IS NOT NULL AND s.id = ${syncId} AND s.seq = ${seq} AND s.pickup = ${pickup}
         AND s.status IN ('queued', 'running')
      RETURNING tidemark_record_job(s.id, ${jobId}, 'processing', 'picked up', ${worker})::text
    )
    SELECT lease.token, EXISTS (SELECT 1 FROM moved) AS moved FROM lease`;
  if (row === undefined) return { kind: 'superseded' };
  if (row.token === null) return { kind: 'held' };
  if (row.moved) return { kind: 'claimed', fencingToken: row.token };
  await releaseLease(db, { key, fencingToken: row.token });
  return { kind: 'superseded' };
}
