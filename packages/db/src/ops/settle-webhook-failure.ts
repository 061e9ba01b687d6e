import { storableText } from '@tidemark/core/json';
import type { Database } from '../database.ts';
import type { DeliveryJob } from './store-deliveries.ts';

/** Enough of an error to tell what it was. */
const ERROR_LENGTH_MAX = 2_000;
/** The queue brings the next attempt by itself; when it lost it, the check for due deliveries does, so much later. */
const RING_GRACE_SECONDS = 2;

/** How many attempts failed by now, this one included; null when the delivery is settled or was handed out anew. */
export async function settleWebhookFailure(
  db: Database,
  job: DeliveryJob,
  failure: {
    message: string;
    /** Given up: it becomes a dead letter. Else the next attempt comes in so many milliseconds. */
    retryInMs: number | null;
    /** The accounts it speaks of; null when it could not even be read. */
    accounts: readonly string[] | null;
  },
): Promise<number | null> {
  const error = storableText(failure.message.slice(0, ERROR_LENGTH_MAX).toWellFormed()).text;
  const waitSeconds = (failure.retryInMs ?? 0) / 1000 + RING_GRACE_SECONDS;
  const [row] = await db.sql<{ attempts: number }[]>`
    UPDATE webhook_deliveries
       SET attempts = attempts + 1, error = ${error},
           status = CASE WHEN ${failure.retryInMs === null} THEN 'dead' ELSE status END,
           ring_at = clock_timestamp() + make_interval(secs => ${waitSeconds}),
           accounts = coalesce(${failure.accounts}::text[], accounts)
     WHERE id = ${job.deliveryId} AND pickup = ${job.pickup} AND status = 'received'
    RETURNING attempts`;
  return row?.attempts ?? null;
}
