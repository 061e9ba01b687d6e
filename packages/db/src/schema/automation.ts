import type { AutomationAction, AutomationCondition } from '@tidemark/core/automation';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, codePointText, createdAt, id, updatedAt } from './columns.ts';
import { connections } from './connections.ts';
import { contactInteractionEvents, messengerConversations } from './messenger.ts';
import { tenants } from './tenants.ts';

/** What is to be done when a contact says something. */
export const automationRules = pgTable(
  'automation_rules',
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    /** Null: of all connections of the tenant. */
    connectionId: uuid().references(() => connections.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    enabled: boolean().notNull(),
    condition: jsonb().$type<AutomationCondition>().notNull(),
    actions: jsonb().$type<AutomationAction[]>().notNull(),
    /** When it was made, or enabled again: it has nothing to do with what happened before. */
    activeSince: at().notNull().defaultNow(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('automation_rules_tenant').on(table.tenantId, table.id),
    index('automation_rules_connection').on(table.connectionId),
  ],
);

/**
 * That a rule fired for an event: written in the transaction that stored the event and did what the rule says, so that
 * it happens once, however often the event comes.
 */
export const automationFirings = pgTable(
  'automation_firings',
  {
    id: id(),
    ruleId: uuid()
      .notNull()
      .references(() => automationRules.id, { onDelete: 'cascade' }),
    conversationId: uuid()
      .notNull()
      .references(() => messengerConversations.id, { onDelete: 'cascade' }),
    eventId: uuid()
      .notNull()
      .references(() => contactInteractionEvents.id, { onDelete: 'cascade' }),
    messageId: text(),
    /** The rule asked for the first message of a contact: once per conversation. */
    isFirst: boolean().notNull(),
    /** What was done. */
    actions: jsonb().$type<AutomationAction[]>().notNull(),
    firedAt: at().notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    uniqueIndex('automation_firings_once').on(table.ruleId, table.eventId),
    uniqueIndex('automation_firings_first').on(table.ruleId, table.conversationId).where(sql`is_first`),
    index('automation_firings_list').on(table.ruleId, table.id),
    index('automation_firings_conversation').on(table.conversationId),
    index('automation_firings_event').on(table.eventId),
  ],
);

/**
 * The newest word about each tag of a conversation. One that was removed keeps its row, with `removed_at`: a word that is
 * older but comes later must not bring it back.
 */
export const conversationTags = pgTable(
  'conversation_tags',
  {
    conversationId: uuid()
      .notNull()
      .references(() => messengerConversations.id, { onDelete: 'cascade' }),
    tag: text().notNull(),
    /** The contact's next reply removes it. */
    automatic: boolean().notNull(),
    /** As of when the word stands, and what tells it from others of that moment: the newest wins. */
    asOf: at().notNull(),
    asOfKey: codePointText().notNull().default(''),
    cause: text().$type<'api' | 'rule'>().notNull(),
    ruleId: uuid().references(() => automationRules.id, { onDelete: 'set null' }),
    removedAt: at(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.tag] }),
    index('conversation_tags_automatic')
      .on(table.conversationId)
      .where(sql`automatic AND removed_at IS NULL`),
    index('conversation_tags_rule').on(table.ruleId).where(sql`rule_id IS NOT NULL`),
    check('conversation_tags_cause', sql`cause IN ('api', 'rule')`),
  ],
);
