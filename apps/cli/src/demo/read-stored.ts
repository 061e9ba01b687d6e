import type { components } from '@tidemark/client';
import type { Api } from '../remote/api.ts';
import { listAll } from '../remote/list-all.ts';

type Schemas = components['schemas'];

/** A conversation with all of its messages, as the API shows them. */
export interface StoredConversation {
  readonly conversation: Pick<
    Schemas['Conversation'],
    'graphId' | 'senderId' | 'senderName' | 'messageCount'
  >;
  readonly messages: readonly Pick<
    Schemas['InteractionEvent'],
    'messageId' | 'eventTimestamp' | 'direction' | 'text'
  >[];
}

/** What a connection has brought. */
export interface Stored {
  conversations: StoredConversation[];
  quarantined: Pick<Schemas['QuarantinedRecord'], 'stream' | 'externalId' | 'reason' | 'path'>[];
}

/** Requests under way at once: the API is one process, and so is this one. */
const CONCURRENCY = 4;

/** Reads everything a connection has stored, message by message, through the API. */
export async function readStored(
  api: Api,
  connectionId: string,
  onProgress: (read: number, of: number) => void,
): Promise<Stored> {
  const { client } = api;
  const [conversations, quarantined] = await Promise.all([
    listAll((page) => client.GET('/v1/conversations', { params: { query: { ...page, connectionId } } })),
    listAll((page) => client.GET('/v1/quarantine', { params: { query: { ...page, connectionId } } })),
  ]);
  const stored: StoredConversation[] = [];
  const waiting = conversations.values();
  const readSome = async (): Promise<void> => {
    for (const conversation of waiting) {
      const path = { id: conversation.id };
      const messages = await listAll((query) =>
        client.GET('/v1/conversations/{id}/events', { params: { path, query } }),
      );
      stored.push({ conversation, messages });
      onProgress(stored.length, conversations.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, readSome));
  return { conversations: stored, quarantined };
}
