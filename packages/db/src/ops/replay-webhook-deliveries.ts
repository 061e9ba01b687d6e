import type { Database, SqlOrTransaction } from '../database.ts';
import type { DeliveryJob } from './store-deliveries.ts';

/** Whose deliveries a caller may see and replay: those that speak of an account of the tenant's, or all of them. */
export interface DeliveryReach {
  tenantId: string;
  /** Also those that belong to nobody: not yet read, for unknown accounts, not ours. */
  isAdmin: boolean;
}

/** The condition on `webhook_deliveries d` that a caller's reach means. */
export function withinReach(sql: SqlOrTransaction, reach: DeliveryReach) {
  return sql`(EXISTS (
    SELECT 1 FROM connections c
    WHERE c.connector = d.source AND c.account_id = ANY (d.accounts) AND c.tenant_id = ${reach.tenantId}
  ) OR (${reach.isAdmin} AND NOT EXISTS (
    SELECT 1 FROM connections c WHERE c.connector = d.source AND c.account_id = ANY (d.accounts)
  )))`;
}

/**
 * Has a delivery processed anew, all of it, from its body as it was received; what is stored of it already is left as it
 * is. One that still waits to be processed is handed out anew. Null: there is none within reach.
 */
export async function replayWebhookDelivery(
  db: Database,
  reach: DeliveryReach,
  deliveryId: string,
): Promise<DeliveryJob | null> {
  const [job] = await db.sql<DeliveryJob[]>`
    UPDATE webhook_deliveries d SET ${anew(db.sql)}
     WHERE d.id = ${deliveryId} AND ${withinReach(db.sql, reach)}
    RETURNING d.id AS "deliveryId", d.pickup`;
  return job ?? null;
}

/** As `replayWebhookDelivery`, for the oldest `limit` dead letters within reach. */
export async function replayDeadWebhookDeliveries(
  db: Database,
  reach: DeliveryReach,
  limit: number,
): Promise<DeliveryJob[]> {
  const jobs = await db.sql<DeliveryJob[]>`
    UPDATE webhook_deliveries d SET ${anew(db.sql)}
     WHERE d.id IN (
       SELECT d.id FROM webhook_deliveries d
       WHERE d.status = 'dead' AND ${withinReach(db.sql, reach)}
       ORDER BY d.id LIMIT ${limit}
       FOR UPDATE SKIP LOCKED
     )
    RETURNING d.id AS "deliveryId", d.pickup`;
  return [...jobs];
}

function anew(sql: SqlOrTransaction) {
  return sql`
    status = 'received', pickup = pickup + 1, attempts = 0, error = NULL, waiting_accounts = NULL,
    processed_at = NULL, ring_at = clock_timestamp() + make_interval(secs => 2)`;
}
