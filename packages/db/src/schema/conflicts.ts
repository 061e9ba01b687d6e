import type { ConflictedFields } from '@tidemark/core/resolution';
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

/**
 * Source changes and local edits that met on one record. A record has one open row at most, with all of its fields
 * in conflict; resolved rows are its history, edits that `source_wins` replaced among them.
 *
 * Written under the row lock of the record only.
 */
export const syncConflicts = pgTable(
  'sync_conflicts',
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    /** The row of the stream's table. */
    recordId: uuid().notNull(),
    /** By field: `{source, local, base}`. */
    fields: jsonb().$type<ConflictedFields>().notNull(),
    /** The record's version the (newest) edit was made at. */
    baseVersion: integer().notNull(),
    status: text().notNull().default('open'),
    /** `source`, `local`, `merge`: a person chose; `policy`: the connection's policy did; `obsolete`: the sides agree. */
    resolution: text(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    resolvedAt: at(),
  },
  (table) => [
    uniqueIndex('sync_conflicts_open').on(table.stream, table.recordId).where(sql`status = 'open'`),
    index('sync_conflicts_connection').on(table.connectionId, table.id),
    check(
      'sync_conflicts_resolved',
      sql`(status = 'open' AND resolution IS NULL AND resolved_at IS NULL)
        OR (status = 'resolved' AND resolution IN ('source', 'local', 'merge', 'policy', 'obsolete')
            AND resolved_at IS NOT NULL)`,
    ),
  ],
);
