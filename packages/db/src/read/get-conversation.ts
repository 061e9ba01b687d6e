import type { Conversation } from '@tidemark/core/contracts';
import { and, eq, getTableColumns } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, messengerConversations } from '../schema/index.ts';
import { toConversation } from './conversation-row.ts';

/** A conversation of one of the tenant's connections, or null. */
export async function getConversation(
  db: Database,
  target: { tenantId: string; conversationId: string },
): Promise<Conversation | null> {
  const [row] = await db.orm
    .select(getTableColumns(messengerConversations))
    .from(messengerConversations)
    .innerJoin(connections, eq(connections.id, messengerConversations.connectionId))
    .where(
      and(eq(messengerConversations.id, target.conversationId), eq(connections.tenantId, target.tenantId)),
    );
  return row === undefined ? null : toConversation(row);
}
