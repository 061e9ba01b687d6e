import type { Database } from '../database.ts';
import type { CheckClaim } from './claim-subscription-checks.ts';

/**
 * Keeps that the source does not tell everything, and that a gap is owed for it, before anything is done about it: who
 * dies between the renewal and the sync would otherwise leave a gap that nobody knows of. Null when the check is
 * somebody else's by now.
 */
export async function markSubscriptionLost(
  db: Database,
  { connectionId, checkAt }: CheckClaim,
): Promise<{ wasSubscribed: boolean } | null> {
  const [row] = await db.sql<{ wasSubscribed: boolean }[]>`
    WITH held AS (
      SELECT connection_id, subscribed_since IS NOT NULL AS was_subscribed
      FROM webhook_subscriptions
      WHERE connection_id = ${connectionId} AND check_at = ${checkAt}::timestamptz
      FOR UPDATE
    )
    UPDATE webhook_subscriptions w
       SET owed = 'unsubscribed', subscribed_since = NULL,
           lost_at = CASE WHEN held.was_subscribed THEN clock_timestamp() ELSE w.lost_at END
      FROM held WHERE w.connection_id = held.connection_id
    RETURNING held.was_subscribed AS "wasSubscribed"`;
  return row ?? null;
}
