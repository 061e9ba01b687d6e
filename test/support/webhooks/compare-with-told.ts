import type { Expected, EventRecord, WebhookEventKind } from '@tidemark/sandbox';
import { differences } from '../engine/compare-with-ledger.ts';
import type { StoredConversation } from '../engine/stored-page.ts';

/** The type of the row that an event beside the messages becomes; null for what belongs to no contact. */
const ROW_TYPES: Readonly<Record<Exclude<WebhookEventKind, 'message' | 'echo'>, string | null>> = {
  edit: 'edit',
  reaction: 'reaction',
  read: 'read',
  delivery: 'delivery',
  postback: 'postback',
  referral: 'referral',
  optin: 'optin',
  handover: 'other',
  unknown: 'other',
  policy: null,
};

/**
 * What of a Page's messages is stored otherwise than the source holds them, whichever way they came. Webhooks tell a
 * message's time to the millisecond and pages to the second; only pages tell what the conversation itself is called.
 */
export function messageDifferences(expected: Expected, stored: readonly StoredConversation[]): string[] {
  const told = new Map(expected.conversations.map((conversation) => [conversation.contactId, conversation]));
  const comparable = stored.map((conversation): StoredConversation => {
    const { graphId = null, contactName = null, updatedTime = null } = told.get(conversation.contactId) ?? {};
    return {
      ...conversation,
      graphId,
      contactName,
      updatedTime,
      lastMessageTime: wholeSecond(conversation.lastMessageTime),
      messages: conversation.messages
        .filter((event) => event.type === 'message')
        .map((message) => ({ ...message, at: wholeSecond(message.at) ?? message.at })),
    };
  });
  return differences(expected, comparable);
}

/** Which of the other events are stored otherwise than they were told: each once, at its time, for its contact. */
export function eventDifferences(
  events: readonly EventRecord[],
  stored: readonly StoredConversation[],
): string[] {
  const expected = events.flatMap(({ kind, contactId, at }) => {
    const type = kind === 'message' || kind === 'echo' ? null : ROW_TYPES[kind];
    return type === null ? [] : [`${contactId} ${type} ${new Date(at).toISOString()}`];
  });
  const held = stored.flatMap(({ contactId, messages }) =>
    messages.filter(({ type }) => type !== 'message').map(({ type, at }) => `${contactId} ${type} ${at}`),
  );
  const heldOnce = new Set(held);
  const toldOnce = new Set(expected);
  return [
    ...expected.filter((event) => !heldOnce.has(event)).map((event) => `${event} is missing`),
    ...held.filter((event) => !toldOnce.has(event)).map((event) => `${event} is stored and should not be`),
    ...(held.length === heldOnce.size ? [] : ['an event is stored twice']),
  ];
}

function wholeSecond(time: string | null): string | null {
  return time === null ? null : time.replace(/\.\d{3}Z$/, '.000Z');
}
