import { jobIdOf, type Priority, type Trigger } from '@tidemark/core/queue';
import type { Database, SqlOrTransaction } from '../database.ts';
import { boundStall } from './bound-stall.ts';
import { REVOKED_LEASES_CHANNEL } from './revoke-lease.ts';

/** A page whose job may be lost. */
export interface LostPage {
  syncId: string;
  seq: number;
  pickup: number;
  trigger: Trigger;
  priority: Priority;
  mode: 'incremental' | 'full';
  /** Its worker died holding the lease: whatever the queue says, nobody works on it. */
  orphaned: boolean;
  /** How long it has been due. */
  waitedMs: number;
}

/**
 * Removes workers that went silent and the leases they held, and returns the pages they were at, taken up anew under the
 * pickup that is returned, which is to be enqueued: in one transaction, so that no job of the former pickup finds the
 * lease free in between.
 *
 * A worker that only slept finds its lease gone and its page fenced off, so a wrong guess costs one page read
 * again and never a wrong write. `self` is not looked at: whoever asks is alive, however late its heartbeats are.
 */
export async function buryDeadWorkers(
  db: Database,
  silentMs: number,
  self: string | null = null,
): Promise<{ workers: string[]; leases: number; pages: LostPage[] }> {
  return db.sql.begin(async (tx) => {
    await boundStall(tx);
    const dead = await tx<{ id: string }[]>`
      DELETE FROM workers
      WHERE id IN (
        SELECT id FROM workers
        WHERE heartbeat_at < clock_timestamp() - make_interval(secs => ${silentMs / 1000})
          AND id IS DISTINCT FROM ${self}
        ORDER BY id FOR UPDATE SKIP LOCKED
      )
      RETURNING id`;
    const leases = await tx<{ key: string }[]>`
      WITH buried AS (
        DELETE FROM sync_locks l
        WHERE l.owner LIKE 'worker-%' AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.id = l.owner)
        RETURNING l.key, l.fencing_token
      )
      SELECT key, pg_notify(${REVOKED_LEASES_CHANNEL}, fencing_token::text)::text FROM buried`;
    const connectionIds = leases.map((lease) => lease.key.replace(/^sync-/, ''));
    const pages = await tx<Omit<LostPage, 'orphaned' | 'waitedMs'>[]>`
      SELECT id AS "syncId", seq, pickup, trigger, priority, mode FROM syncs
      WHERE connection_id::text = ANY (${connectionIds}::text[]) AND status = 'running'`;
    const taken: LostPage[] = [];
    for (const page of pages) {
      const pickup = await takeUp(tx, page, 'worker lost');
      if (pickup !== null) taken.push({ ...page, pickup, orphaned: true, waitedMs: 0 });
    }
    return { workers: dead.map((row) => row.id), leases: leases.length, pages: taken };
  });
}

/**
 * Live syncs nobody seems to work on: due, without a lease, and not heard of for a while, the longest first. Whether
 * their job is merely waiting in the queue is for the queue to say.
 */
export async function findIdlePages(db: Database, quietMs: number, limit: number): Promise<LostPage[]> {
  const rows = await db.sql<Omit<LostPage, 'orphaned'>[]>`
    SELECT s.id AS "syncId", s.seq, s.pickup, s.trigger, s.priority, s.mode,
           (extract(epoch FROM clock_timestamp() - w.since) * 1000)::float8 AS "waitedMs"
    FROM syncs s
    CROSS JOIN LATERAL (SELECT coalesce(s.next_run_at, s.heartbeat_at, s.created_at) AS since) AS w
    WHERE s.status IN ('queued', 'running')
      AND w.since < clock_timestamp() - make_interval(secs => ${quietMs / 1000})
      AND NOT EXISTS (
        SELECT 1 FROM sync_locks l
        WHERE l.key = 'sync-' || s.connection_id::text AND l.expires_at > clock_timestamp()
      )
    ORDER BY w.since, s.id
    LIMIT ${limit}`;
  return rows.map((row) => ({ ...row, orphaned: false }));
}

/**
 * Takes a page up anew: jobs of the former pickup become void, and the returned one is to be enqueued. Null:
 * somebody else was quicker, or the sync moved on.
 */
export function takeUpPage(db: Database, page: PagePickup, reason: string): Promise<number | null> {
  return takeUp(db.sql, page, reason);
}

type PagePickup = Pick<LostPage, 'syncId' | 'seq' | 'pickup'>;

async function takeUp(sql: SqlOrTransaction, page: PagePickup, reason: string): Promise<number | null> {
  const { syncId, seq, pickup } = page;
  const lost = jobIdOf('sync-page', { syncId, seq, pickup });
  const next = jobIdOf('sync-page', { syncId, seq, pickup: pickup + 1 });
  const [row] = await sql<{ pickup: number }[]>`
    WITH taken AS (
      UPDATE syncs SET pickup = pickup + 1, heartbeat_at = clock_timestamp(), next_run_at = NULL
      WHERE id = ${syncId} AND seq = ${seq} AND pickup = ${pickup} AND status IN ('queued', 'running')
      RETURNING pickup
    )
    SELECT pickup, tidemark_record_job(${syncId}, ${lost}, 'failed', ${reason}, NULL)::text AS lost,
           tidemark_record_job(${syncId}, ${next}, 'pending', ${reason}, NULL)::text AS next
    FROM taken`;
  return row?.pickup ?? null;
}
