import type { Database } from '../database.ts';
import { lockEditableConversation } from './lock-editable-conversation.ts';

export interface TagTarget {
  tenantId: string;
  conversationId: string;
  tag: string;
}

/**
 * A person's word about a tag: it stands at once, and against every rule that speaks of an older message. False: the tenant
 * has no such conversation.
 *
 * Locks: the conversation's row, as every writer of its tags does.
 */
export async function putTag(db: Database, target: TagTarget & { automatic: boolean }): Promise<boolean> {
  return db.sql.begin(async (tx) => {
    if ((await lockEditableConversation(tx, target)) === null) return false;
    await tx`
      INSERT INTO conversation_tags AS held (conversation_id, tag, automatic, as_of, cause, created_at)
      VALUES (
        ${target.conversationId}, ${target.tag}, ${target.automatic}, clock_timestamp(), 'api', clock_timestamp())
      ON CONFLICT (conversation_id, tag) DO UPDATE
        SET automatic = excluded.automatic, as_of = greatest(held.as_of, excluded.as_of), cause = 'api', rule_id = NULL,
            removed_at = NULL,
            created_at = CASE WHEN held.removed_at IS NULL THEN held.created_at ELSE excluded.created_at END`;
    return true;
  });
}

/** Removes a tag, as `putTag` sets it. False: the conversation does not have it. */
export async function removeTag(db: Database, target: TagTarget): Promise<boolean> {
  return db.sql.begin(async (tx) => {
    if ((await lockEditableConversation(tx, target)) === null) return false;
    const removed = await tx`
      UPDATE conversation_tags
         SET removed_at = clock_timestamp(), as_of = greatest(as_of, clock_timestamp()), cause = 'api', rule_id = NULL
       WHERE conversation_id = ${target.conversationId} AND tag = ${target.tag} AND removed_at IS NULL`;
    return removed.count > 0;
  });
}
