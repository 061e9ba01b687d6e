import type { RecordSample } from '@tidemark/core/contracts';
import type postgres from 'postgres';

/** A full walk that is over, and what it has seen. */
export interface Walked {
  sweepId: string;
  connectionId: string;
}

/**
 * How many conversations were stored when the walk began, and how many of them it did not see. Those that came back to
 * life in it count as stored; in a dry run they did not, and are told by having been seen.
 */
export async function countVanishedConversations(
  tx: postgres.TransactionSql,
  walked: Walked,
): Promise<{ wouldDelete: number; of: number }> {
  const [row] = await tx<{ wouldDelete: number; of: number }[]>`
    SELECT count(*) FILTER (WHERE ${vanished(tx)})::int AS "wouldDelete", count(*)::int AS of
    FROM messenger_conversations m JOIN sync_sweeps w ON w.connection_id = m.connection_id
    WHERE w.id = ${walked.sweepId} AND m.connection_id = ${walked.connectionId}
      AND m.created_at < w.walk_started_at AND (m.deleted_at IS NULL OR ${seen(tx)})`;
  if (row === undefined) throw new Error('A count returned no row.');
  return { ...row };
}

/**
 * Marks conversations as deleted that the walk did not see, inside the caller's transaction; returns how many. Their
 * messages and local edits stay. They hold no version of the source any more (an empty hash), so that their return is
 * a change, whatever it says.
 *
 * A row that somebody writes at this moment is left alone, and not waited for: it is written because it is there, and a
 * page's transaction may hold other rows that its writer waits for.
 */
export async function markVanishedConversations(
  tx: postgres.TransactionSql,
  walked: Walked,
): Promise<number> {
  const marked = await tx`
    WITH gone AS MATERIALIZED (
      SELECT m.id
      FROM messenger_conversations m JOIN sync_sweeps w ON w.connection_id = m.connection_id
      WHERE w.id = ${walked.sweepId} AND m.connection_id = ${walked.connectionId}
        AND m.deleted_at IS NULL AND ${vanished(tx)}
      ORDER BY m.page_id, m.sender_id
      FOR NO KEY UPDATE OF m SKIP LOCKED
    )
    UPDATE messenger_conversations m
       SET deleted_at = clock_timestamp(), content_hash = '', version = m.version + 1, updated_at = now()
      FROM gone
     WHERE m.id = gone.id`;
  return marked.count;
}

/** Some of the conversations that would be marked, by their keys. */
export async function sampleVanishedConversations(
  tx: postgres.TransactionSql,
  walked: Walked,
  max: number,
): Promise<RecordSample[]> {
  const rows = await tx<{ pageId: string; contactId: string }[]>`
    SELECT m.page_id AS "pageId", m.sender_id AS "contactId"
    FROM messenger_conversations m JOIN sync_sweeps w ON w.connection_id = m.connection_id
    WHERE w.id = ${walked.sweepId} AND m.connection_id = ${walked.connectionId}
      AND m.deleted_at IS NULL AND ${vanished(tx)}
    ORDER BY m.id LIMIT ${max}`;
  return rows.map((key) => ({ key: { ...key }, changes: [] }));
}

/** Of a conversation `m` and the sweep `w`: the walk was shown it, and could read it. */
function seen(tx: postgres.TransactionSql) {
  return tx`
    EXISTS (
      SELECT 1 FROM sync_seen k
      WHERE k.sweep_id = w.id AND NOT k.is_quarantined AND k.key = m.page_id || ' ' || m.sender_id)`;
}

/**
 * Of a conversation `m` and the sweep `w`: not written since the walk began, and not seen by it, neither as a
 * conversation nor as a quarantined one. What a webhook brought has no Graph id until a page shows it, so that a
 * quarantined conversation that is no stored one could be any of those; then they are left alone.
 */
function vanished(tx: postgres.TransactionSql) {
  return tx`
    m.updated_at < w.walk_started_at
    AND NOT ${seen(tx)}
    AND NOT EXISTS (
      SELECT 1 FROM sync_seen k WHERE k.sweep_id = w.id AND k.is_quarantined AND k.key = m.graph_id)
    AND (m.graph_id IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM sync_seen k
      WHERE k.sweep_id = w.id AND k.is_quarantined AND NOT EXISTS (
        SELECT 1 FROM messenger_conversations o WHERE o.connection_id = w.connection_id AND o.graph_id = k.key)))`;
}
