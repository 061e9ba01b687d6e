import { sql } from 'drizzle-orm';
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, createdAt, id, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

/** Worker processes and when each last said it was alive. */
export const workers = pgTable('workers', {
  id: text().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  concurrency: integer().notNull(),
  startedAt: createdAt(),
  heartbeatAt: createdAt(),
});

/** Effects to carry out after the commit that wrote them; deleted when carried out. */
export const outbox = pgTable(
  'outbox',
  { id: id(), kind: text().notNull(), payload: jsonb().notNull(), createdAt: createdAt() },
  (table) => [index('outbox_created').on(table.createdAt)],
);

/** Rate limit budgets: settings, what the source last reported, and pauses. They survive Redis. */
export const limitPools = pgTable('limit_pools', {
  pool: text().primaryKey(),
  maxCalls: integer().notNull(),
  perSeconds: doublePrecision().notNull(),
  maxConcurrent: integer(),
  usedShare: doublePrecision(),
  usedShareAt: at(),
  /** How long the source took to answer: lately, and as a rule. In milliseconds. */
  responseMs: doublePrecision(),
  usualResponseMs: doublePrecision(),
  responseAt: at(),
  pausedUntil: at(),
  pauseReason: text(),
  updatedAt: updatedAt(),
});

/** Which connections spend from which pool. */
export const connectionPools = pgTable(
  'connection_pools',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    pool: text()
      .notNull()
      .references(() => limitPools.pool),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.pool] })],
);

/** Records that failed validation, kept whole. The same record is kept once, however often it is read. */
export const quarantine = pgTable(
  'quarantine',
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    syncId: uuid(),
    stream: text().notNull(),
    externalId: text(),
    /** What the record belongs to, where it does not say so itself: the contact of a message. */
    parentId: text(),
    /** As of when the source vouched for it: a replay is not newer than what was read since. */
    asOf: at(),
    reason: text().notNull(),
    path: text().notNull(),
    raw: jsonb().notNull(),
    /** Base64 of the exact JSON, where `raw` could not hold it (U+0000, lone surrogates). */
    rawOriginal: text(),
    fingerprint: text().notNull(),
    status: text().notNull().default('open'),
    seenCount: integer().notNull().default(1),
    createdAt: createdAt(),
    lastSeenAt: createdAt(),
    /** When it was replayed or discarded. */
    closedAt: at(),
  },
  (table) => [
    uniqueIndex('quarantine_record').on(table.connectionId, table.stream, table.fingerprint),
    index('quarantine_connection').on(table.connectionId, table.id),
    check('quarantine_status', sql`status IN ('open', 'replayed', 'discarded')`),
  ],
);
