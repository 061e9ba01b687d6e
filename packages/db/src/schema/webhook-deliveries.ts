import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, bytes, createdAt, id } from './columns.ts';

/**
 * The inbox: what sources sent by themselves, byte for byte, stored before it is acknowledged. One row for each body,
 * however often it is sent.
 */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: id(),
    /** The id of the connector. */
    source: text().notNull(),
    /** SHA-256 of the body. */
    dedupeKey: text().notNull(),
    body: bytes().notNull(),
    /**
     * `received`: to be processed · `processed` · `unclaimed`: some account of it has no connection yet · `ignored`:
     * correctly signed, but not for this connector · `dead`: given up after too many attempts.
     */
    status: text().notNull().default('received'),
    attempts: integer().notNull().default(0),
    /** How often it was handed to the queue anew; jobs of a former pickup are void. */
    pickup: integer().notNull().default(0),
    error: text(),
    /** While it is `received`: when the queue is to be told of it, in case nobody else did. */
    ringAt: at().notNull().default(sql`now()`),
    /** The accounts it speaks of; null until it was read. */
    accounts: text().array(),
    /** Those whose part waits for a connection; null: none was processed yet. */
    waitingAccounts: text().array(),
    /** What became of its events. */
    counts: jsonb(),
    receivedAt: createdAt(),
    processedAt: at(),
  },
  (table) => [
    uniqueIndex('webhook_deliveries_dedupe').on(table.source, table.dedupeKey),
    index('webhook_deliveries_due').on(table.ringAt).where(sql`status = 'received'`),
    index('webhook_deliveries_waiting').using('gin', table.waitingAccounts).where(sql`status = 'unclaimed'`),
    index('webhook_deliveries_done').on(table.processedAt).where(sql`status IN ('processed', 'ignored')`),
    index('webhook_deliveries_status').on(table.status, table.id),
    check(
      'webhook_deliveries_status_known',
      sql`status IN ('received', 'processed', 'unclaimed', 'ignored', 'dead')`,
    ),
  ],
);
