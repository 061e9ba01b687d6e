import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at, codePointText, createdAt, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

/** Records of connectors that need no tables of their own. */
export const syncedRecords = pgTable(
  'synced_records',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    externalId: codePointText().notNull(),
    data: jsonb().notNull(),
    /** What the source sent, in base64, where PostgreSQL could not store it as it is. */
    original: text(),
    asOf: at().notNull(),
    contentHash: codePointText().notNull(),
    version: integer().notNull().default(1),
    deletedAt: at(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.stream, table.externalId] })],
);
