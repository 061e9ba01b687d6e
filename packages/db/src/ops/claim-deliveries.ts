import type { Database } from '../database.ts';

/** A delivery whose attempt has begun: it is ours until `claimSeconds` are over. */
export interface ClaimedDelivery {
  id: string;
  eventId: string;
  subscriberId: string;
  url: string;
  /** Sealed for the subscriber's id. */
  secret: string;
  type: string;
  occurredAtMs: number;
  data: unknown;
  /** This attempt included. */
  attempts: number;
}

export interface ClaimDeliveries {
  limit: number;
  /** Of one subscriber: a slow one must not take every place. */
  perSubscriber: number;
  /** Those that have all their places taken in this process. */
  except: readonly string[];
  /** When an attempt without a word of its end counts as lost. Longer than an attempt can take. */
  claimSeconds: number;
}

/**
 * Begins attempts at deliveries that are due, the longest due first. Of the deliveries of one subject to one subscriber
 * only the oldest is ever taken, so they are made in order. Concurrent callers get different ones.
 */
export async function claimDeliveries(db: Database, options: ClaimDeliveries): Promise<ClaimedDelivery[]> {
  return db.sql<ClaimedDelivery[]>`
    WITH due AS (
      SELECT d.id, row_number() OVER (PARTITION BY d.subscriber_id ORDER BY d.next_attempt_at, d.id) AS place
      FROM outgoing_deliveries d JOIN subscribers s ON s.id = d.subscriber_id
      WHERE d.status = 'pending' AND d.next_attempt_at <= clock_timestamp() AND s.status = 'active'
        AND d.subscriber_id <> ALL (${[...options.except]}::uuid[])
        AND NOT EXISTS (
          SELECT 1 FROM outgoing_deliveries earlier
          WHERE earlier.subscriber_id = d.subscriber_id AND earlier.subject = d.subject
            AND earlier.status = 'pending' AND earlier.id < d.id)
    ), taken AS (
      SELECT d.id FROM outgoing_deliveries d
      WHERE d.id IN (SELECT id FROM due WHERE place <= ${options.perSubscriber})
        AND d.status = 'pending' AND d.next_attempt_at <= clock_timestamp()
      ORDER BY d.next_attempt_at, d.id
      LIMIT ${options.limit}
      FOR UPDATE SKIP LOCKED
    ), begun AS (
      UPDATE outgoing_deliveries d
         SET attempts = d.attempts + 1,
             next_attempt_at = clock_timestamp() + make_interval(secs => ${options.claimSeconds})
        FROM taken WHERE d.id = taken.id
      RETURNING d.id, d.event_id, d.subscriber_id, d.attempts
    )
    SELECT b.id::text AS id, b.event_id AS "eventId", b.subscriber_id AS "subscriberId", s.url, s.secret,
           e.type, (extract(epoch FROM e.occurred_at) * 1000)::float8 AS "occurredAtMs", e.data, b.attempts
    FROM begun b
    JOIN subscribers s ON s.id = b.subscriber_id
    JOIN outgoing_events e ON e.id = b.event_id
    ORDER BY b.id`;
}
