import type { Database } from '../database.ts';
import type { DeliveryJob } from './store-deliveries.ts';

/** Deliveries that wait to be processed and that the queue should have been told of by now, longest first. */
export async function findDueDeliveries(db: Database, limit: number): Promise<DeliveryJob[]> {
  const rows = await db.sql<DeliveryJob[]>`
    SELECT id AS "deliveryId", pickup FROM webhook_deliveries
    WHERE status = 'received' AND ring_at <= clock_timestamp()
    ORDER BY ring_at
    LIMIT ${limit}`;
  return [...rows];
}

/** Who told the queue of a delivery has done so by then. */
const TOLD_AFTER_SECONDS = 3;

/**
 * Deliveries the queue was told of and that are still to be processed, those that wait longest first. Not those that failed:
 * they wait for their next attempt, whether the queue knows it or not.
 */
export async function findToldDeliveries(db: Database, limit: number): Promise<DeliveryJob[]> {
  const rows = await db.sql<DeliveryJob[]>`
    SELECT id AS "deliveryId", pickup FROM webhook_deliveries
    WHERE status = 'received' AND attempts = 0 AND ring_at > clock_timestamp()
      AND received_at < clock_timestamp() - make_interval(secs => ${TOLD_AFTER_SECONDS})
    ORDER BY ring_at
    LIMIT ${limit}`;
  return [...rows];
}

/**
 * Remembers that the queue was told of them, so that they are not due again for a while. A delivery that merely waits in a
 * long queue is told again then, which does nothing.
 */
export async function postponeDeliveries(
  db: Database,
  jobs: readonly DeliveryJob[],
  seconds: number,
): Promise<void> {
  await db.sql`
    UPDATE webhook_deliveries d
       SET ring_at = clock_timestamp() + make_interval(secs => ${seconds})
      FROM unnest(
        ${jobs.map((job) => job.deliveryId)}::uuid[], ${jobs.map((job) => job.pickup)}::integer[]
      ) AS j(id, pickup)
     WHERE d.id = j.id AND d.pickup = j.pickup AND d.status = 'received'`;
}
