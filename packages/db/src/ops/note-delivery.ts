import { type Database, withoutWaiting } from '../database.ts';

/**
 * Keeps when the sources of these connections were last heard of. To the minute, so that a busy account does not write
 * its row with each delivery. In the order of their ids, so that two deliveries cannot deadlock.
 */
export async function noteDelivery(
  db: Database,
  deliveryId: string,
  connectionIds: readonly string[],
): Promise<void> {
  if (connectionIds.length === 0) return;
  await db.sql`
    WITH ${withoutWaiting(db.sql)}, heard AS (
      SELECT w.connection_id, d.received_at
      FROM webhook_subscriptions w, webhook_deliveries d, without_waiting
      WHERE d.id = ${deliveryId} AND w.connection_id = ANY (${connectionIds}::uuid[])
        AND (w.last_event_at IS NULL OR w.last_event_at < d.received_at - interval '1 minute')
      ORDER BY w.connection_id
      FOR UPDATE OF w
    )
    UPDATE webhook_subscriptions w SET last_event_at = greatest(w.last_event_at, heard.received_at)
    FROM heard WHERE w.connection_id = heard.connection_id`;
}
