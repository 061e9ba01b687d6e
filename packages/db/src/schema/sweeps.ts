import type { SweepDoubt, SweepStatus } from '@tidemark/core/sync';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, createdAt, id } from './columns.ts';
import { connections } from './connections.ts';
import { syncs } from './syncs.ts';

/**
 * The sweep of one stream by one full walk: from the walk's first page to the decision about what vanished. A retry
 * takes over the row of the sync it goes on from, and with it what was seen.
 */
export const syncSweeps = pgTable(
  'sync_sweeps',
  {
    id: id(),
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    /** Of a dry run or a verification: once closed it is a report, which nobody approves, adds to or supersedes. */
    isAside: boolean().notNull().default(false),
    /** The kind of records that is swept. */
    kind: text().notNull(),
    /** What was written since is there by another path, and is left alone. */
    walkStartedAt: at().notNull(),
    status: text().$type<SweepStatus>().notNull().default('walking'),
    /** Why nothing may be deleted; noted as soon as it is known. */
    doubt: text().$type<SweepDoubt>(),
    wouldDelete: integer().notNull().default(0),
    storedBefore: integer().notNull().default(0),
    maxShare: doublePrecision().notNull().default(0),
    deleted: integer().notNull().default(0),
    createdAt: createdAt(),
    decidedAt: at(),
  },
  (table) => [
    uniqueIndex('sync_sweeps_stream').on(table.syncId, table.stream),
    index('sync_sweeps_open').on(table.connectionId, table.stream).where(sql`status IN ('walking', 'held')`),
    check('sync_sweeps_status', sql`status IN ('walking', 'swept', 'held', 'skipped', 'superseded')`),
  ],
);

/**
 * What a full walk has seen, beside the tables, so that unchanged rows are not rewritten. Kept from page to page, and
 * cleared when the sweep is decided.
 */
export const syncSeen = pgTable(
  'sync_seen',
  {
    sweepId: uuid()
      .notNull()
      .references(() => syncSweeps.id, { onDelete: 'cascade' }),
    /** The natural key of the record; of a quarantined one, the id by which the source names it. */
    key: text().notNull(),
    isQuarantined: boolean().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sweepId, table.isQuarantined, table.key] })],
);
