import type { LocalEdits } from '@tidemark/core/resolution';
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, codePointText, createdAt, id, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

/** One row per (Page, contact): webhooks and syncs meet here, under one constraint. */
export const messengerConversations = pgTable(
  'messenger_conversations',
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    pageId: text().notNull(),
    senderId: text().notNull(),
    graphId: text(),
    senderName: text(),
    /** The source's own time of the last change to the conversation. */
    sourceUpdatedAt: at(),
    lastMessage: text(),
    lastMessageTime: at(),
    messageCount: integer().notNull().default(0),
    conversationStatus: text().notNull().default('active'),
    /** As of when the source vouched for this content, and the hash that tells a change from a repetition. */
    asOf: at().notNull().default(sql`'-infinity'`),
    contentHash: codePointText().notNull().default(''),
    /** What people changed, by field; the columns above show the local value while an edit stands. */
    localEdits: jsonb().$type<LocalEdits>().notNull().default({}),
    version: integer().notNull().default(1),
    deletedAt: at(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('messenger_conversations_contact').on(table.pageId, table.senderId),
    index('messenger_conversations_recent').on(table.connectionId, table.lastMessageTime),
    index('messenger_conversations_graph_id').on(table.graphId).where(sql`graph_id IS NOT NULL`),
  ],
);

/** One row per message, postback, reaction and so on. */
export const contactInteractionEvents = pgTable(
  'contact_interaction_events',
  {
    id: id(),
    conversationId: uuid()
      .notNull()
      .references(() => messengerConversations.id, { onDelete: 'cascade' }),
    eventType: text().notNull(),
    eventTimestamp: at().notNull(),
    messageId: codePointText(),
    /** Null where the source no longer tells who wrote it. */
    direction: text(),
    text: text(),
    metadata: jsonb().notNull().default({}),
    /** The message that an event without an id of its own is about; of other such events what tells them apart. */
    subjectId: codePointText().notNull().default(''),
    /** What the notification of a message told and no later reading repeats, such as the payload of a quick reply. */
    notified: jsonb(),
    notifiedAsOf: at(),
    asOf: at().notNull(),
    contentHash: codePointText().notNull(),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('contact_interaction_events_message')
      .on(table.conversationId, table.messageId)
      .where(sql`message_id IS NOT NULL`),
    uniqueIndex('contact_interaction_events_moment')
      .on(table.conversationId, table.eventTimestamp, table.eventType, table.subjectId)
      .where(sql`message_id IS NULL`),
    index('contact_interaction_events_subject')
      .on(table.conversationId, table.subjectId)
      .where(sql`subject_id <> ''`),
    index('contact_interaction_events_time').on(table.conversationId, table.eventTimestamp, table.messageId),
    check('contact_interaction_events_direction', sql`direction IN ('in', 'out')`),
  ],
);
