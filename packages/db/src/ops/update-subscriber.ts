import type { PatchSubscriber } from '@tidemark/core/contracts';
import type { Database } from '../database.ts';

export interface SubscriberTarget {
  tenantId: string;
  subscriberId: string;
}

/**
 * Changes what was given. One that is made active again starts with a clean slate, and what it missed while it failed is
 * due at once; what happened while it was disabled was never written for it. False: the tenant has no such subscriber.
 */
export async function updateSubscriber(
  db: Database,
  target: SubscriberTarget,
  changes: PatchSubscriber,
): Promise<boolean> {
  const { url = null, description = null, eventTypes = null, status = null } = changes;
  return db.sql.begin(async (tx) => {
    const changed = await tx`
      UPDATE subscribers
         SET url = coalesce(${url}, url), description = coalesce(${description}, description),
             event_types = coalesce(${eventTypes}::text[], event_types),
             status = coalesce(${status}, status),
             disabled_reason = CASE coalesce(${status}, '')
               WHEN 'active' THEN NULL WHEN 'disabled' THEN 'It was disabled by hand.' ELSE disabled_reason END,
             failing_since = CASE WHEN ${status} = 'active' THEN NULL ELSE failing_since END,
             updated_at = clock_timestamp()
       WHERE id = ${target.subscriberId} AND tenant_id = ${target.tenantId}`;
    if (changed.count === 0) return false;
    if (status === 'active') {
      await tx`
        UPDATE outgoing_deliveries SET next_attempt_at = clock_timestamp()
         WHERE subscriber_id = ${target.subscriberId} AND status = 'pending'
           AND next_attempt_at > clock_timestamp() + interval '2 minutes'`;
    }
    return true;
  });
}

/** Deletes a subscriber with its deliveries. False: the tenant has no such subscriber. */
export async function deleteSubscriber(db: Database, target: SubscriberTarget): Promise<boolean> {
  const gone = await db.sql`
    DELETE FROM subscribers WHERE id = ${target.subscriberId} AND tenant_id = ${target.tenantId}`;
  return gone.count > 0;
}

/**
 * Makes a delivery due again, whatever became of it: a dead one, or one that was delivered and got lost behind the
 * receiver's door. False: there is no such delivery.
 */
export async function replayDelivery(
  db: Database,
  target: SubscriberTarget & { deliveryId: string },
): Promise<boolean> {
  const replayed = await db.sql`
    UPDATE outgoing_deliveries d
       SET status = 'pending', attempts = 0, next_attempt_at = clock_timestamp(), delivered_at = NULL
      FROM subscribers s
     WHERE d.id = ${target.deliveryId}::bigint AND d.subscriber_id = ${target.subscriberId}
       AND s.id = d.subscriber_id AND s.tenant_id = ${target.tenantId}`;
  return replayed.count > 0;
}
