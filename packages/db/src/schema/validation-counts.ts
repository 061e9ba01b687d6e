import type { ReadingKind } from '@tidemark/core/validation';
import { sql } from 'drizzle-orm';
import { bigint, check, date, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { connections } from './connections.ts';

const count = () => bigint({ mode: 'number' }).notNull().default(0);

/**
 * What the schemas of a connection saw, by day (UTC) of the commit that stored it: the sum over the slots. Sessions count in
 * slots of their own, so that deliveries for one account do not stand in line for one row until they are committed.
 */
export const validationCounts = pgTable(
  'validation_counts',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    day: date().notNull(),
    kind: text().$type<ReadingKind>().notNull(),
    schema: text().notNull(),
    slot: smallint().notNull().default(0),
    passed: count(),
    repaired: count(),
    quarantined: count(),
    /** How many needed which fallback, by the place it is for. */
    fallbacks: jsonb().$type<Record<string, number>>().notNull().default({}),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.day, table.kind, table.schema, table.slot] }),
    check('validation_counts_kind', sql`kind IN ('response', 'record')`),
  ],
);
