import type { Database } from '../database.ts';
import type { DeliveryJob } from './store-deliveries.ts';

export interface LoadedDelivery {
  source: string;
  /** As it was received. */
  body: Buffer;
  /** Attempts that failed. */
  attempts: number;
}

/** The delivery of a job; null when it is processed, was handed out anew, or is gone: the job is void. */
export async function loadDelivery(db: Database, job: DeliveryJob): Promise<LoadedDelivery | null> {
  const [row] = await db.sql<LoadedDelivery[]>`
    SELECT source, body, attempts FROM webhook_deliveries
    WHERE id = ${job.deliveryId} AND pickup = ${job.pickup} AND status = 'received'`;
  return row ?? null;
}
