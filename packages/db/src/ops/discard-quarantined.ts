import type { Database } from '../database.ts';

/** `replayed`: it is stored already, and there is nothing to discard. */
export type DiscardOutcome = 'discarded' | 'replayed' | 'notFound';

/**
 * Marks a quarantined record of the tenant as discarded; it is kept, and the same content is not asked about again.
 * To discard it twice is to discard it once. One statement; against a replay, the first to reach the row wins.
 */
export async function discardQuarantined(
  db: Database,
  target: { tenantId: string; quarantineId: string },
): Promise<DiscardOutcome> {
  const [row] = await db.sql<{ status: string }[]>`
    UPDATE quarantine q
       SET status = CASE WHEN q.status = 'open' THEN 'discarded' ELSE q.status END,
           closed_at = coalesce(q.closed_at, clock_timestamp())
      FROM connections c
     WHERE q.id = ${target.quarantineId} AND c.id = q.connection_id AND c.tenant_id = ${target.tenantId}
    RETURNING q.status`;
  if (row === undefined) return 'notFound';
  return row.status === 'replayed' ? 'replayed' : 'discarded';
}
