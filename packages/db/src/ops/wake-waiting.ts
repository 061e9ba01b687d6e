import { jobIdOf, type Priority, priorityRank, type Trigger } from '@tidemark/core/queue';
import type postgres from 'postgres';

interface WaitingPage {
  syncId: string;
  seq: number;
  pickup: number;
  trigger: Trigger;
  priority: Priority;
  mode: 'incremental' | 'full';
}

/**
 * Takes up the pages that wait for a budget whose pause was lifted, inside the caller's transaction: each gets a new
 * pickup, so that its delayed job is void, and an outbox row that brings it to the queue. Pages that wait for their next
 * attempt, or for another paused budget as well, go on waiting. Returns how many were woken.
 */
export async function wakeWaiting(tx: postgres.TransactionSql, pool: string): Promise<number> {
  const pages = await tx<WaitingPage[]>`
    UPDATE syncs s
       SET pickup = s.pickup + 1, next_run_at = NULL, heartbeat_at = clock_timestamp()
      FROM connection_pools cp
     WHERE cp.pool = ${pool} AND cp.connection_id = s.connection_id
       AND s.status IN ('queued', 'running') AND s.attempt = 1 AND s.next_run_at > clock_timestamp()
       AND NOT EXISTS (
         SELECT 1 FROM connection_pools other JOIN limit_pools p USING (pool)
         WHERE other.connection_id = s.connection_id AND p.paused_until > clock_timestamp()
       )
    RETURNING s.id AS "syncId", s.seq, s.pickup, s.trigger, s.priority, s.mode`;
  for (const page of pages) await enqueue(tx, page);
  return pages.length;
}

async function enqueue(tx: postgres.TransactionSql, page: WaitingPage): Promise<void> {
  const { syncId, seq, pickup } = page;
  const payload = { syncId, seq, pickup };
  const job = {
    name: 'sync-page',
    payload,
    priority: priorityRank({ ...page, backfill: page.mode === 'full' }),
  };
  const former = jobIdOf('sync-page', { syncId, seq, pickup: pickup - 1 });
  await tx`INSERT INTO outbox (kind, payload) VALUES ('job', ${JSON.stringify(job)}::text::jsonb)`;
  await tx`SELECT tidemark_record_job(${syncId}, ${former}, 'failed', 'pause lifted', NULL)`;
  await tx`SELECT tidemark_record_job(${syncId}, ${jobIdOf('sync-page', payload)}, 'pending', 'pause lifted', NULL)`;
}
