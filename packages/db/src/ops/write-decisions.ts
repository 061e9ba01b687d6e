import type postgres from 'postgres';

/** What was decided about a thing a sync came by. */
export interface Decision {
  subject: string;
  decision: 'insert' | 'update' | 'skip';
  reason: string;
  inserted: number;
  updated: number;
  deleted: number;
}

/** Adds decisions to the report of a sync. What is met on several pages is inserted if one of them inserted it, and so on. */
export async function writeDecisions(
  tx: postgres.TransactionSql,
  syncId: string,
  decisions: readonly Decision[],
): Promise<void> {
  if (decisions.length === 0) return;
  const unique = [...new Map(decisions.map((one) => [one.subject, one])).values()];
  await tx`
    INSERT INTO sync_decisions AS held (sync_id, subject, decision, reason, inserted, updated, deleted)
    SELECT ${syncId}, d.subject, d.decision, d.reason, d.inserted, d.updated, d.deleted
    FROM jsonb_to_recordset(${JSON.stringify(unique)}::text::jsonb) AS d(
      subject text, decision text, reason text, inserted int, updated int, deleted int
    )
    ORDER BY d.subject COLLATE "C"
    ON CONFLICT (sync_id, subject) DO UPDATE
      SET decision = CASE WHEN 'insert' IN (excluded.decision, held.decision) THEN 'insert'
                          WHEN 'update' IN (excluded.decision, held.decision) THEN 'update' ELSE 'skip' END,
          reason = CASE WHEN held.decision = 'insert' OR excluded.decision = 'skip' THEN held.reason
                        ELSE excluded.reason END,
          inserted = held.inserted + excluded.inserted, updated = held.updated + excluded.updated,
          deleted = held.deleted + excluded.deleted`;
}
