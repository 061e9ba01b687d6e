import {
  DELIVERY_STATUSES,
  type DeliveryCounts,
  NO_DELIVERY_COUNTS,
  type WebhookDelivery,
} from '@tidemark/core/contracts';
import type { Database } from '../database.ts';
import { type DeliveryReach, withinReach } from '../ops/replay-webhook-deliveries.ts';
import { type ListPage, pageOf } from './keyset.ts';

export interface DeliveriesQuery extends DeliveryReach {
  limit: number;
  /** The id of the last one seen. */
  after: string | null;
  status?: string | undefined;
  source?: string | undefined;
}

interface DeliveryRow {
  id: string;
  source: string;
  status: string;
  attempts: number;
  error: string | null;
  bytes: number;
  accounts: string[] | null;
  waiting: string[] | null;
  counts: DeliveryCounts | null;
  receivedAt: string;
  processedAt: string | null;
  isWhole: boolean;
}

/** Deliveries within the caller's reach, newest first. */
export async function listWebhookDeliveries(
  db: Database,
  query: DeliveriesQuery,
): Promise<ListPage<WebhookDelivery, string>> {
  const { sql } = db;
  const rows = await sql<DeliveryRow[]>`
    SELECT ${columns(db, query)} FROM webhook_deliveries d
    WHERE ${withinReach(sql, query)}
      ${query.status === undefined ? sql`` : sql`AND d.status = ${query.status}`}
      ${query.source === undefined ? sql`` : sql`AND d.source = ${query.source}`}
      ${query.after === null ? sql`` : sql`AND d.id < ${query.after}`}
    ORDER BY d.id DESC
    LIMIT ${query.limit + 1}`;
  return pageOf(rows.map(toDelivery), query.limit, (delivery) => delivery.id);
}

/** One delivery with its body; the body is null when it speaks of accounts of somebody else too. */
export async function getWebhookDelivery(
  db: Database,
  reach: DeliveryReach,
  deliveryId: string,
): Promise<{ delivery: WebhookDelivery; body: Buffer | null } | null> {
  const [row] = await db.sql<(DeliveryRow & { body: Buffer })[]>`
    SELECT ${columns(db, reach)}, d.body FROM webhook_deliveries d
    WHERE d.id = ${deliveryId} AND ${withinReach(db.sql, reach)}`;
  return row === undefined ? null : { delivery: toDelivery(row), body: row.isWhole ? row.body : null };
}

/** Whether all of a delivery is the caller's: no account of it belongs to another tenant. */
function columns({ sql }: Database, reach: DeliveryReach) {
  return sql`
    d.id, d.source, d.status, d.attempts, d.error, length(d.body) AS bytes, d.accounts,
    d.waiting_accounts AS waiting, d.counts, d.received_at AS "receivedAt", d.processed_at AS "processedAt",
    (${reach.isAdmin} OR d.accounts <@ ARRAY(
      SELECT c.account_id FROM connections c WHERE c.connector = d.source AND c.tenant_id = ${reach.tenantId}
    )) AND NOT EXISTS (
      SELECT 1 FROM connections c
      WHERE c.connector = d.source AND c.account_id = ANY (d.accounts) AND c.tenant_id <> ${reach.tenantId}
    ) AS "isWhole"`;
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    source: row.source,
    status: DELIVERY_STATUSES.find((status) => status === row.status) ?? 'received',
    attempts: row.attempts,
    error: row.error,
    bytes: row.bytes,
    accounts: row.isWhole ? row.accounts : null,
    waitingAccounts: row.isWhole ? row.waiting : null,
    counts: row.counts ?? NO_DELIVERY_COUNTS,
    receivedAt: new Date(row.receivedAt).toISOString(),
    processedAt: row.processedAt === null ? null : new Date(row.processedAt).toISOString(),
  };
}
