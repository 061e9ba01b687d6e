import type { Conversation } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, getConversation } from '@tidemark/db';

/** A conversation of the tenant. Throws `not_found`, for another tenant's as for one that never was. */
export async function requireConversation(
  db: Database,
  target: { tenantId: string; conversationId: string },
): Promise<Conversation> {
  return foundConversation(await getConversation(db, target));
}

export function foundConversation(conversation: Conversation | null): Conversation {
  if (conversation === null) throw new ProblemError('not_found', 'There is no conversation with this id.');
  return conversation;
}
