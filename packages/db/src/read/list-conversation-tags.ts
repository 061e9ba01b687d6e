import type { ConversationTag } from '@tidemark/core/contracts';
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { conversationTags } from '../schema/index.ts';

/** The tags a conversation has, by name. */
export async function listConversationTags(db: Database, conversationId: string): Promise<ConversationTag[]> {
  const rows = await db.orm
    .select()
    .from(conversationTags)
    .where(and(eq(conversationTags.conversationId, conversationId), isNull(conversationTags.removedAt)))
    .orderBy(asc(conversationTags.tag));
  return rows.map((row) => ({
    tag: row.tag,
    automatic: row.automatic,
    cause: row.cause,
    ruleId: row.ruleId,
    createdAt: row.createdAt.toISOString(),
  }));
}
