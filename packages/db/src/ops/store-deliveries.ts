import type { Database } from '../database.ts';

/** A body as it was received. */
export interface ReceivedDelivery {
  /** The id of the connector it is for. */
  source: string;
  /** The same for the same bytes, whenever and however often they are sent. */
  dedupeKey: string;
  body: Buffer;
}

/** A delivery that is to be processed, as the queue knows it. */
export interface DeliveryJob {
  deliveryId: string;
  pickup: number;
}

/** Who stored them has this long to tell the queue, before the check for due deliveries does. */
const RING_GRACE_SECONDS = 2;

/**
 * Stores deliveries in the inbox, in one statement and so in one commit: when this returns they are durable. Those that
 * are there already are left alone; the jobs of the others are returned.
 *
 * Written in the order of their keys, so that several processes that got the same deliveries cannot deadlock.
 * Who will not tell the queue of them gives no grace.
 */
export async function storeDeliveries(
  db: Database,
  deliveries: readonly ReceivedDelivery[],
  ringGraceSeconds = RING_GRACE_SECONDS,
): Promise<DeliveryJob[]> {
  const rows = await db.sql<DeliveryJob[]>`
    INSERT INTO webhook_deliveries (source, dedupe_key, body, ring_at, received_at)
    SELECT d.source, d.dedupe_key, decode(d.body, 'base64'),
           clock_timestamp() + make_interval(secs => ${ringGraceSeconds}), clock_timestamp()
    FROM unnest(
      ${deliveries.map((delivery) => delivery.source)}::text[],
      ${deliveries.map((delivery) => delivery.dedupeKey)}::text[],
      ${deliveries.map((delivery) => delivery.body.toString('base64'))}::text[]
    ) AS d(source, dedupe_key, body)
    ORDER BY d.source, d.dedupe_key
    ON CONFLICT (source, dedupe_key) DO NOTHING
    RETURNING id AS "deliveryId", pickup`;
  return [...rows];
}
