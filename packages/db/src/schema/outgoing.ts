import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id, updatedAt } from './columns.ts';
import { tenants } from './tenants.ts';

/** Who is told of what happens. */
export const subscribers = pgTable(
  'subscribers',
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    url: text().notNull(),
    description: text().notNull().default(''),
    /** Empty: all of them. */
    eventTypes: text().array().notNull(),
    /** Signs the deliveries; sealed with the keyring for this row's id. */
    secret: text().notNull(),
    status: text().$type<'active' | 'disabled'>().notNull().default('active'),
    disabledReason: text(),
    /** Since when nothing was taken; null: the last delivery succeeded. */
    failingSince: at(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('subscribers_tenant').on(table.tenantId, table.id),
    check('subscribers_status', sql`status IN ('active', 'disabled')`),
  ],
);

/** What happened, as it is told: written by `tidemark_publish` in the transaction that made it happen. */
export const outgoingEvents = pgTable(
  'outgoing_events',
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    type: text().notNull(),
    /** What it happened to: events of one subject reach a subscriber in order. */
    subject: text().notNull(),
    occurredAt: at().notNull(),
    data: jsonb().notNull(),
  },
  (table) => [index('outgoing_events_age').on(table.occurredAt)],
);

/** One event for one subscriber. The id gives the order within a subject: both are written under its lock. */
export const outgoingDeliveries = pgTable(
  'outgoing_deliveries',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    eventId: uuid()
      .notNull()
      .references(() => outgoingEvents.id, { onDelete: 'cascade' }),
    subscriberId: uuid()
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    subject: text().notNull(),
    status: text().$type<'pending' | 'delivered' | 'dead'>().notNull().default('pending'),
    /** Counted when an attempt begins: one that its process did not live to see the end of counts too. */
    attempts: integer().notNull().default(0),
    /** While an attempt is under way: when it counts as lost. */
    nextAttemptAt: at().notNull().defaultNow(),
    lastStatus: integer(),
    lastError: text(),
    createdAt: createdAt(),
    deliveredAt: at(),
  },
  (table) => [
    uniqueIndex('outgoing_deliveries_once').on(table.eventId, table.subscriberId),
    index('outgoing_deliveries_due').on(table.nextAttemptAt, table.id).where(sql`status = 'pending'`),
    index('outgoing_deliveries_line')
      .on(table.subscriberId, table.subject, table.id)
      .where(sql`status = 'pending'`),
    index('outgoing_deliveries_list').on(table.subscriberId, table.id),
    check('outgoing_deliveries_status', sql`status IN ('pending', 'delivered', 'dead')`),
  ],
);
