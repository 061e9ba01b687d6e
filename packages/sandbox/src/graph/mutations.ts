import type { GraphSource } from '../data/source.ts';
import type { Random } from '../data/random.ts';
import type { FaultOf } from '../faults/schema.ts';

/** Carries out a scripted change of a page's data, on threads drawn from the seed. */
export function mutate(source: GraphSource, pageId: string, fault: FaultOf<'mutate'>, random: Random): void {
  for (let done = 0; done < fault.count; done += 1) mutateOnce(source, pageId, fault.action, random);
}

function mutateOnce(
  source: GraphSource,
  pageId: string,
  action: FaultOf<'mutate'>['action'],
  random: Random,
): void {
  if (action === 'add-conversation') {
    source.addConversation({ pageId });
    return;
  }
  const filled = source.page(pageId).conversations.filter((item) => item.messages.length > 0);
  if (filled.length === 0) return;
  const conversation = random.pick(filled);
  const message = random.pick(conversation.messages);
  switch (action) {
    case 'add-message':
      source.addMessage({ conversationId: conversation.id });
      return;
    case 'edit-message':
      source.editMessage(message.id, `${message.text ?? ''} (edited)`);
      return;
    case 'delete-message':
      source.deleteMessage(message.id);
      return;
    case 'delete-conversation':
      source.deleteConversation(conversation.id);
  }
}
