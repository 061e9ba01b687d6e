import type { TickSkipReason } from '@tidemark/core/contracts';
import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

const ticks = () => integer().notNull().default(0);

/** When a connection is synced by itself. At most one schedule for each connection; it goes with the connection. */
export const syncSchedules = pgTable(
  'sync_schedules',
  {
    connectionId: uuid()
      .primaryKey()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** With `timezone`, or else `everySeconds`. */
    cron: text(),
    timezone: text(),
    everySeconds: integer(),
    mode: text().$type<'incremental' | 'full'>().notNull(),
    /** The tick that is due then; moved on by whoever takes it, and the anchor of the others of an interval. */
    nextTickAt: at().notNull(),
    lastTickAt: at(),
    /** No reference: a schedule outlives the history of its syncs. */
    lastSyncId: uuid(),
    ticksStarted: ticks(),
    ticksSkipped: ticks(),
    lastSkippedAt: at(),
    lastSkipReason: text().$type<TickSkipReason>(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('sync_schedules_due').on(table.nextTickAt),
    check(
      'sync_schedules_timing',
      sql`(cron IS NOT NULL AND timezone IS NOT NULL AND every_seconds IS NULL)
        OR (cron IS NULL AND timezone IS NULL AND every_seconds > 0)`,
    ),
    check('sync_schedules_mode', sql`mode IN ('incremental', 'full')`),
  ],
);
