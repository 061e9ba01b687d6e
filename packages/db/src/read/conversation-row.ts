import type { Conversation } from '@tidemark/core/contracts';
import { EDITABLE_FIELDS } from '@tidemark/core/resolution';
import type { messengerConversations } from '../schema/index.ts';

export function toConversation(row: typeof messengerConversations.$inferSelect): Conversation {
  return {
    id: row.id,
    connectionId: row.connectionId,
    pageId: row.pageId,
    senderId: row.senderId,
    graphId: row.graphId,
    senderName: row.senderName,
    lastMessage: row.lastMessage,
    lastMessageTime: row.lastMessageTime?.toISOString() ?? null,
    messageCount: row.messageCount,
    conversationStatus: row.conversationStatus,
    localEdits: editsOf(row),
    version: row.version,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function editsOf({ localEdits }: typeof messengerConversations.$inferSelect): Conversation['localEdits'] {
  const shown: Conversation['localEdits'] = {};
  for (const field of EDITABLE_FIELDS) {
    const edit = localEdits[field];
    if (edit === undefined) continue;
    const { value, sourceValue, editedAt } = edit;
    shown[field] = { value, sourceValue, editedAt };
  }
  return shown;
}
