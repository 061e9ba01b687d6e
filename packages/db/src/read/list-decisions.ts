import type { SyncDecision } from '@tidemark/core/contracts';
import type { Database } from '../database.ts';
import { type ListPage, pageOf } from './keyset.ts';

/**
 * What a sync decided, by subject; `after` is the last one seen. Sessions a completed sync did not have to look into have
 * no row: that they were skipped follows from their having none.
 */
export async function listDecisions(
  db: Database,
  query: { syncId: string; limit: number; after: string | null; decision: SyncDecision['decision'] | null },
): Promise<ListPage<SyncDecision, string>> {
  const rows = await db.sql<SyncDecision[]>`
    WITH known AS (
      SELECT subject, decision, reason, inserted, updated, deleted FROM sync_decisions WHERE sync_id = ${query.syncId}
      UNION ALL
      SELECT s.external_id, 'skip', 'none of its files changed', 0, 0, 0
      FROM syncs y JOIN claude_sessions s ON s.connection_id = y.connection_id
      WHERE y.id = ${query.syncId} AND y.status = 'completed' AND s.created_at < y.created_at
        AND NOT EXISTS (SELECT 1 FROM sync_decisions d WHERE d.sync_id = y.id AND d.subject = s.external_id)
    )
    SELECT * FROM known
    WHERE (${query.after}::text IS NULL OR subject COLLATE "C" > ${query.after})
      AND (${query.decision}::text IS NULL OR decision = ${query.decision})
    ORDER BY subject COLLATE "C" LIMIT ${query.limit + 1}`;
  return pageOf([...rows], query.limit, ({ subject }) => subject);
}
