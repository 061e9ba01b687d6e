import { sql } from 'drizzle-orm';
import { check, doublePrecision, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id, updatedAt } from './columns.ts';
import { tenants } from './tenants.ts';

export const connections = pgTable(
  'connections',
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    connector: text().notNull(),
    name: text().notNull(),
    config: jsonb().notNull(),
    /** The account behind the configuration, such as the Page id. One connection per account. */
    accountId: text().notNull(),
    /** Sealed with AES-256-GCM; null when the connector needs none, or after deletion. */
    credentials: text(),
    conflictPolicy: text().notNull().default('source_wins'),
    /** A sweep that would delete more than this share of the stored records asks first. */
    sweepMaxShare: doublePrecision().notNull().default(0.2),
    status: text().notNull().default('active'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** Set when the connection was deleted but its rows were kept. */
    deletedAt: at(),
  },
  (table) => [
    uniqueIndex('connections_account').on(table.connector, table.accountId),
    index('connections_tenant').on(table.tenantId, table.id),
    check('connections_sweep_max_share', sql`sweep_max_share BETWEEN 0 AND 1`),
    check('connections_status', sql`status IN ('active', 'needs_reauth')`),
    check('connections_conflict_policy', sql`conflict_policy IN ('source_wins', 'local_wins', 'manual')`),
  ],
);
