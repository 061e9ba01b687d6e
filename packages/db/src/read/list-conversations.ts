import type { Conversation } from '@tidemark/core/contracts';
import { and, desc, eq, getTableColumns, isNotNull, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, messengerConversations as conversations } from '../schema/index.ts';
import { toConversation } from './conversation-row.ts';
import { type ListPage, pageOf } from './keyset.ts';

export interface ConversationPosition {
  /** Time of the last message, ISO 8601; null among those that have none. */
  at: string | null;
  id: string;
}

export interface ConversationsQuery {
  tenantId: string;
  limit: number;
  after: ConversationPosition | null;
  connectionId?: string | undefined;
  pageId?: string | undefined;
  senderId?: string | undefined;
  /** Whether those that vanished from the source are shown; they are not unless said otherwise. */
  deleted?: 'exclude' | 'include' | 'only' | undefined;
}

/**
 * Conversations of the tenant's connections, the one with the newest message first, those without a message last.
 *
 * Two statements rather than `NULLS LAST`, so that the index by time serves the first one.
 */
export async function listConversations(
  db: Database,
  query: ConversationsQuery,
): Promise<ListPage<Conversation, ConversationPosition>> {
  const { after, limit } = query;
  const timed =
    after !== null && after.at === null ? [] : await select(db, query, timedAfter(after), limit + 1);
  const untimed =
    timed.length > limit ? [] : await select(db, query, untimedAfter(after), limit + 1 - timed.length);
  return pageOf([...timed, ...untimed].map(toConversation), limit, (row) => ({
    at: row.lastMessageTime,
    id: row.id,
  }));
}

function timedAfter(after: ConversationPosition | null): SQL | undefined {
  if (after === null || after.at === null) return isNotNull(conversations.lastMessageTime);
  const at = new Date(after.at);
  return or(
    lt(conversations.lastMessageTime, at),
    and(eq(conversations.lastMessageTime, at), lt(conversations.id, after.id)),
  );
}

function untimedAfter(after: ConversationPosition | null): SQL | undefined {
  const isUntimed = isNull(conversations.lastMessageTime);
  return after === null || after.at !== null ? isUntimed : and(isUntimed, lt(conversations.id, after.id));
}

function shownWhenDeleted(deleted: ConversationsQuery['deleted']): SQL | undefined {
  if (deleted === 'include') return undefined;
  return deleted === 'only' ? isNotNull(conversations.deletedAt) : isNull(conversations.deletedAt);
}

async function select(
  db: Database,
  query: ConversationsQuery,
  position: SQL | undefined,
  limit: number,
): Promise<(typeof conversations.$inferSelect)[]> {
  return db.orm
    .select(getTableColumns(conversations))
    .from(conversations)
    .innerJoin(connections, eq(connections.id, conversations.connectionId))
    .where(
      and(
        eq(connections.tenantId, query.tenantId),
        query.connectionId === undefined ? undefined : eq(conversations.connectionId, query.connectionId),
        query.pageId === undefined ? undefined : eq(conversations.pageId, query.pageId),
        query.senderId === undefined ? undefined : eq(conversations.senderId, query.senderId),
        shownWhenDeleted(query.deleted),
        position,
      ),
    )
    .orderBy(desc(conversations.lastMessageTime), desc(conversations.id))
    .limit(limit);
}
