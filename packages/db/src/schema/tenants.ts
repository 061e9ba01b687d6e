import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id } from './columns.ts';

export const tenants = pgTable(
  'tenants',
  { id: id(), name: text().notNull(), createdAt: createdAt() },
  (table) => [uniqueIndex('tenants_name').on(table.name)],
);

/** Only the SHA-256 of a key is stored. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    name: text().notNull(),
    keyHash: text().notNull(),
    scopes: text().array().notNull(),
    createdAt: createdAt(),
    lastUsedAt: at(),
    revokedAt: at(),
  },
  (table) => [
    uniqueIndex('api_keys_hash').on(table.keyHash).where(sql`revoked_at IS NULL`),
    index('api_keys_tenant').on(table.tenantId, table.id),
  ],
);

/** Answers of POSTs that carried an Idempotency-Key; `status` is null while the first request is under way. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    key: text().notNull(),
    requestHash: text().notNull(),
    status: integer(),
    headers: jsonb(),
    body: jsonb(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.key] })],
);
