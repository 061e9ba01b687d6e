import type { Database } from '../database.ts';

export type DeliveryResult =
  | { kind: 'delivered'; status: number }
  | {
      kind: 'failed';
      /** Null: no answer came. */
      status: number | null;
      error: string;
      /** Null: that was the last attempt. */
      retryAfterSeconds: number | null;
      /** The subscriber said it is gone for good (410). */
      gone: boolean;
    };

export interface SettledDelivery {
  /** Why the subscriber was disabled by this; null: it was not. */
  disabled: string | null;
}

/**
 * Ends an attempt, in one transaction. The attempt's number is compared: one whose claim had run out, and that another
 * process began anew, changes nothing.
 *
 * What waits behind a failed delivery becomes due with it: it could not be made before anyway, and would be looked at in
 * every round.
 */
export async function settleDelivery(
  db: Database,
  delivery: { id: string; subscriberId: string; attempts: number },
  result: DeliveryResult,
  failingSecondsMax: number,
): Promise<SettledDelivery> {
  if (result.kind === 'delivered') {
    await db.sql`
      WITH ended AS (
        UPDATE outgoing_deliveries
           SET status = 'delivered', last_status = ${result.status}, last_error = NULL,
               delivered_at = clock_timestamp()
         WHERE id = ${delivery.id} AND attempts = ${delivery.attempts} AND status = 'pending'
      )
      UPDATE subscribers SET failing_since = NULL, updated_at = clock_timestamp()
       WHERE id = ${delivery.subscriberId} AND failing_since IS NOT NULL`;
    return { disabled: null };
  }
  const { status, error, retryAfterSeconds, gone } = result;
  const [subscriber] = await db.sql<{ reason: string | null }[]>`
    WITH ended AS (
      UPDATE outgoing_deliveries
         SET status = CASE WHEN ${retryAfterSeconds === null} THEN 'dead' ELSE 'pending' END,
             last_status = ${status}, last_error = ${error},
             next_attempt_at = clock_timestamp() + make_interval(secs => ${retryAfterSeconds ?? 0})
       WHERE id = ${delivery.id} AND attempts = ${delivery.attempts} AND status = 'pending'
      RETURNING id, subscriber_id, subject, status, next_attempt_at
    ), followers AS (
      UPDATE outgoing_deliveries d
         SET next_attempt_at = ended.next_attempt_at
        FROM ended
       WHERE ended.status = 'pending' AND d.status = 'pending' AND d.id > ended.id
         AND d.subscriber_id = ended.subscriber_id AND d.subject = ended.subject
    )
    UPDATE subscribers s
       SET failing_since = coalesce(s.failing_since, clock_timestamp()),
           status = CASE WHEN ${gone} OR s.failing_since < clock_timestamp() - make_interval(secs => ${failingSecondsMax})
                         THEN 'disabled' ELSE s.status END,
           disabled_reason = CASE
             WHEN ${gone} THEN 'It answered 410 Gone.'
             WHEN s.failing_since < clock_timestamp() - make_interval(secs => ${failingSecondsMax})
             THEN 'It took nothing since ' || to_char(s.failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC.'
             ELSE s.disabled_reason END,
           updated_at = clock_timestamp()
      FROM ended
     WHERE s.id = ended.subscriber_id AND s.status = 'active'
    RETURNING CASE WHEN s.status = 'disabled' THEN s.disabled_reason END AS reason`;
  return { disabled: subscriber?.reason ?? null };
}
