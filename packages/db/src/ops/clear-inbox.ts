import type { Database } from '../database.ts';

/**
 * Deletes up to `limit` deliveries that were processed, or were not ours, more than `days` days ago, and says how many.
 * Dead letters and those that wait for a connection are kept until somebody replays them.
 */
export async function clearInbox(db: Database, days: number, limit: number): Promise<number> {
  const deleted = await db.sql`
    DELETE FROM webhook_deliveries WHERE id IN (
      SELECT id FROM webhook_deliveries
      WHERE status IN ('processed', 'ignored') AND processed_at < clock_timestamp() - make_interval(days => ${days})
      ORDER BY processed_at LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    )`;
  return deleted.count;
}

/** Deletes up to `limit` remembered answers that are older than `seconds`, and says how many. */
export async function clearIdempotencyKeys(db: Database, seconds: number, limit: number): Promise<number> {
  const deleted = await db.sql`
    DELETE FROM idempotency_keys WHERE (tenant_id, key) IN (
      SELECT tenant_id, key FROM idempotency_keys
      WHERE created_at < clock_timestamp() - make_interval(secs => ${seconds})
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    )`;
  return deleted.count;
}
