import { jobIdOf, type Priority, priorityRank } from '@tidemark/core/queue';
import { type Database, uniqueViolation } from '../database.ts';

export type RetryFailedPages =
  | {
      kind: 'started';
      syncId: string;
      job: { outboxId: string; seq: number; pickup: number; priority: number };
    }
  /** The connection has a live sync. */
  | { kind: 'busy'; activeSyncId: string | null }
  /** None of the sync's failed pages is left to take up. */
  | { kind: 'nothing' };

interface TakenPage {
  id: string;
  stream: string;
  checkpoint: unknown;
}

/**
 * Starts a sync that takes up the failed pages of a partial one, and nothing else, in one transaction. Pages a former
 * retry had taken and did not come to, because it ended before, are taken again.
 *
 * The unique index over live syncs decides between concurrent callers.
 */
export async function retryFailedPages(
  db: Database,
  request: { syncId: string; connectionId: string; priority: Priority; cause: string },
): Promise<RetryFailedPages> {
  try {
    return await db.sql.begin((tx) => takeUp(tx, request));
  } catch (error) {
    if (uniqueViolation(error) !== 'syncs_one_live_per_connection') throw error;
  }
  const [active] = await db.sql<{ id: string }[]>`
    SELECT id FROM syncs
    WHERE connection_id = ${request.connectionId} AND status IN ('queued', 'running', 'paused')`;
  return { kind: 'busy', activeSyncId: active?.id ?? null };
}

async function takeUp(
  tx: Parameters<Parameters<Database['sql']['begin']>[1]>[0],
  request: { syncId: string; connectionId: string; priority: Priority; cause: string },
): Promise<RetryFailedPages> {
  const [sync] = await tx<{ id: string }[]>`
    INSERT INTO syncs (connection_id, mode, trigger, priority, status_cause, retry_of)
    VALUES (${request.connectionId}, 'incremental', 'retry', ${request.priority}, ${request.cause}, ${request.syncId})
    RETURNING id`;
  if (sync === undefined) throw new Error('INSERT INTO syncs returned no row.');
  const pages = await tx<TakenPage[]>`
    UPDATE sync_failed_pages p
       SET status = 'taken', taken_by = ${sync.id}, updated_at = clock_timestamp()
     WHERE p.sync_id = ${request.syncId}
       AND (p.status = 'open' OR (p.status = 'taken' AND NOT EXISTS (
             SELECT 1 FROM syncs s WHERE s.id = p.taken_by AND s.status IN ('queued', 'running', 'paused'))))
    RETURNING p.id, p.stream, p.checkpoint`;
  if (pages.length === 0) {
    await tx`DELETE FROM syncs WHERE id = ${sync.id}`;
    return { kind: 'nothing' };
  }
  await pointAtFirst(tx, { connectionId: request.connectionId, syncId: sync.id }, pages);

  const priority = priorityRank({ trigger: 'retry', priority: request.priority, backfill: false });
  const payload = { syncId: sync.id, seq: 0, pickup: 0 };
  const [row] = await tx<{ id: string }[]>`
    INSERT INTO outbox (kind, payload)
    VALUES ('job', ${JSON.stringify({ name: 'sync-page', payload, priority })}::text::jsonb) RETURNING id`;
  if (row === undefined) throw new Error('INSERT INTO outbox returned no row.');
  await tx`SELECT tidemark_record_job(${sync.id}, ${jobIdOf('sync-page', payload)}, 'pending', ${request.cause}, NULL)`;
  return { kind: 'started', syncId: sync.id, job: { outboxId: row.id, seq: 0, pickup: 0, priority } };
}

/** Streams without a failed page have nothing to do; the watermark that waits for the failed ones is left waiting. */
async function pointAtFirst(
  tx: Parameters<Parameters<Database['sql']['begin']>[1]>[0],
  retry: { connectionId: string; syncId: string },
  pages: readonly TakenPage[],
): Promise<void> {
  const first = [...Map.groupBy(pages, (page) => page.stream)].flatMap(([stream, group]) => {
    const page = group.toSorted((a, b) => (a.id < b.id ? -1 : 1))[0];
    return page === undefined ? [] : [{ stream, id: page.id, checkpoint: page.checkpoint }];
  });
  await tx`
    UPDATE sync_state SET sync_id = ${retry.syncId}, done = true, checkpoint = NULL, failed_page_id = NULL
    WHERE connection_id = ${retry.connectionId}`;
  await tx`
    UPDATE sync_state s
       SET done = false, checkpoint = f.checkpoint, failed_page_id = f.id, updated_at = clock_timestamp()
      FROM jsonb_to_recordset(${JSON.stringify(first)}::text::jsonb) AS f(stream text, id uuid, checkpoint jsonb)
     WHERE s.connection_id = ${retry.connectionId} AND s.stream = f.stream`;
}
