import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { codePointText, updatedAt } from './columns.ts';
import { connections } from './connections.ts';
import { syncs } from './syncs.ts';

/** Where the walk stands in each part of a source of many parts, such as a file: written in the transaction of its page. */
export const sourcePositions = pgTable(
  'source_positions',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    key: codePointText().notNull(),
    position: jsonb().notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.stream, table.key] })],
);

/**
 * Rows as they would be after the pages of a dry run so far, for kinds whose outcome depends on more than versions
 * (docs/decisions/018-session-files.md). Without words: hashes stand for them. Gone when the walk ended.
 */
export const walkRows = pgTable(
  'walk_rows',
  {
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    kind: text().$type<'file' | 'line' | 'message' | 'session' | 'record'>().notNull(),
    key: codePointText().notNull(),
    messageKey: codePointText(),
    sessionId: codePointText(),
    fileId: bigint({ mode: 'number' }),
    /** Null: the row would be gone. */
    row: jsonb(),
  },
  (table) => [
    primaryKey({ columns: [table.syncId, table.kind, table.key] }),
    index('walk_rows_message').on(table.syncId, table.messageKey),
    index('walk_rows_session').on(table.syncId, table.sessionId),
    index('walk_rows_file').on(table.syncId, table.fileId),
  ],
);

/** What a sync decided about each thing it came by, and why. What it found unchanged without reading it has no row. */
export const syncDecisions = pgTable(
  'sync_decisions',
  {
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    subject: codePointText().notNull(),
    decision: text().$type<'insert' | 'update' | 'skip'>().notNull(),
    reason: text().notNull(),
    inserted: integer().notNull().default(0),
    updated: integer().notNull().default(0),
    deleted: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.syncId, table.subject] }),
    index('sync_decisions_decision').on(table.syncId, table.decision, table.subject),
    check('sync_decisions_decision', sql`decision IN ('insert', 'update', 'skip')`),
  ],
);
