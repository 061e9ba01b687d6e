import type { StuckReason } from '@tidemark/core/sync';
import { sql } from 'drizzle-orm';
import { check, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt } from './columns.ts';
import { syncs } from './syncs.ts';

/** Syncs found to make no progress though they should: one row for as long as it lasts, so that it is told once. */
export const stuckSyncs = pgTable(
  'stuck_syncs',
  {
    syncId: uuid()
      .primaryKey()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    reason: text().$type<StuckReason>().notNull(),
    /** When something last happened. */
    since: at().notNull(),
    foundAt: createdAt(),
  },
  () => [check('stuck_syncs_reason', sql`reason IN ('untaken', 'overdue')`)],
);
