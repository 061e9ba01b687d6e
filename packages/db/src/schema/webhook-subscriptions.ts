import type { GapReason } from '@tidemark/core/subscriptions';
import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';
import { connections } from './connections.ts';

/** Whether a source tells by itself what happens, for each connection where it should. Goes with the connection. */
export const webhookSubscriptions = pgTable(
  'webhook_subscriptions',
  {
    connectionId: uuid()
      .primaryKey()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** The next check; moved on by whoever takes it, and what its result is compared with. */
    checkAt: at().notNull().default(sql`now()`),
    checkedAt: at(),
    /** Null while the source does not tell everything it should. */
    subscribedSince: at(),
    lostAt: at(),
    /** The last delivery, written only when it is a minute newer. */
    lastEventAt: at(),
    /** A gap that was noticed; null again when the sync that fills it was started. */
    owed: text().$type<GapReason>(),
    /** The newest record at the source when the last gap sync was started, by the source's clock. */
    filledUntil: at(),
    /** No reference: it outlives the history of syncs. */
    lastGapSyncId: uuid(),
    lastGapAt: at(),
    lastGapReason: text().$type<GapReason>(),
    error: text(),
  },
  (table) => [
    index('webhook_subscriptions_due').on(table.checkAt),
    check('webhook_subscriptions_owed', sql`owed IN ('unsubscribed', 'silence', 'retry')`),
  ],
);
