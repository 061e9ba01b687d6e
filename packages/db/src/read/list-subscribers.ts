import { type OutgoingDelivery, SUBSCRIBER_STATUSES, type Subscriber } from '@tidemark/core/contracts';
import { OUTGOING_EVENT_TYPES } from '@tidemark/core/outgoing';
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { outgoingDeliveries, outgoingEvents, subscribers } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** The tenant's subscribers, newest first; `after` is the id of the last one seen. */
export async function listSubscribers(
  db: Database,
  query: { tenantId: string; limit: number; after: string | null },
): Promise<ListPage<Subscriber, string>> {
  const { tenantId, limit, after } = query;
  const rows = await db.orm
    .select()
    .from(subscribers)
    .where(and(eq(subscribers.tenantId, tenantId), after === null ? undefined : lt(subscribers.id, after)))
    .orderBy(desc(subscribers.id))
    .limit(limit + 1);
  return pageOf(rows.map(toSubscriber), limit, (row) => row.id);
}

/** One subscriber of the tenant, or null. */
export async function getSubscriber(
  db: Database,
  target: { tenantId: string; subscriberId: string },
): Promise<Subscriber | null> {
  const [row] = await db.orm
    .select()
    .from(subscribers)
    .where(and(eq(subscribers.tenantId, target.tenantId), eq(subscribers.id, target.subscriberId)));
  return row === undefined ? null : toSubscriber(row);
}

/** The deliveries to a subscriber, newest first; `after` is the id of the last one seen. */
export async function listOutgoingDeliveries(
  db: Database,
  query: {
    subscriberId: string;
    status: OutgoingDelivery['status'] | undefined;
    limit: number;
    after: string | null;
  },
): Promise<ListPage<OutgoingDelivery, string>> {
  const { subscriberId, status, limit, after } = query;
  const rows = await db.orm
    .select({ delivery: outgoingDeliveries, type: outgoingEvents.type })
    .from(outgoingDeliveries)
    .innerJoin(outgoingEvents, eq(outgoingEvents.id, outgoingDeliveries.eventId))
    .where(
      and(
        eq(outgoingDeliveries.subscriberId, subscriberId),
        status === undefined ? undefined : eq(outgoingDeliveries.status, status),
        after === null ? undefined : lt(outgoingDeliveries.id, BigInt(after)),
      ),
    )
    .orderBy(desc(outgoingDeliveries.id))
    .limit(limit + 1);
  return pageOf(rows.map(toDelivery), limit, (row) => row.id);
}

function toSubscriber(row: typeof subscribers.$inferSelect): Subscriber {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: OUTGOING_EVENT_TYPES.filter((type) => row.eventTypes.includes(type)),
    status: SUBSCRIBER_STATUSES.find((status) => status === row.status) ?? 'disabled',
    disabledReason: row.disabledReason,
    failingSince: row.failingSince?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function toDelivery({
  delivery,
  type,
}: {
  delivery: typeof outgoingDeliveries.$inferSelect;
  type: string;
}): OutgoingDelivery {
  const pending = delivery.status === 'pending';
  return {
    id: String(delivery.id),
    eventId: delivery.eventId,
    type,
    subject: delivery.subject,
    status: delivery.status,
    attempts: delivery.attempts,
    nextAttemptAt: pending ? delivery.nextAttemptAt.toISOString() : null,
    lastStatus: delivery.lastStatus,
    lastError: delivery.lastError,
    createdAt: delivery.createdAt.toISOString(),
    deliveredAt: delivery.deliveredAt?.toISOString() ?? null,
  };
}
