import type { Expected, ExpectedConversation, ExpectedMessage } from '@tidemark/sandbox';
import type { Stored, StoredConversation } from './read-stored.ts';

type StoredMessage = StoredConversation['messages'][number];

/**
 * What differs between the source's ledger and what is stored, one line each; none when all is as it should be.
 * Compares each message by id, time, direction and text, each conversation by its contact, and the number of
 * records that were set aside.
 */
export function compareWithLedger(expected: Expected, stored: Stored): string[] {
  const byContact = new Map(stored.conversations.map((item) => [item.conversation.senderId, item]));
  const odd = new Set(expected.odd.flatMap(({ messageId }) => (messageId === null ? [] : [messageId])));
  const differences: string[] = [];
  for (const conversation of expected.conversations) {
    const found = byContact.get(conversation.contactId);
    byContact.delete(conversation.contactId);
    if (found === undefined) differences.push(`conversation ${conversation.graphId} is missing`);
    else differences.push(...compareConversation(conversation, found, odd));
  }
  for (const { conversation } of byContact.values()) {
    differences.push(`conversation with ${conversation.senderId} is not in the source`);
  }
  return [...differences, ...compareSetAside(expected, stored)];
}

/**
 * Conversations and messages that are quarantined, by their id in the source. A bad participant of a good
 * conversation is neither, and a record that was read again is still one record.
 */
export function idsSetAside({ quarantined }: Stored): Set<string> {
  const records = quarantined.filter(({ stream }) => stream === 'conversations' || stream === 'messages');
  return new Set(records.map(({ externalId, reason }) => externalId ?? reason));
}

/** What has to be quarantined. The messages of a quarantined conversation come with it. */
export function idsToSetAside({ odd }: Expected): Set<string> {
  const bad = odd.filter(({ outcome }) => outcome === 'quarantined');
  const conversations = new Set(
    bad.flatMap(({ level, graphId }) => (level === 'conversation' ? [graphId] : [])),
  );
  const messages = bad.flatMap(({ messageId, graphId }) => {
    return messageId === null || conversations.has(graphId) ? [] : [messageId];
  });
  return new Set([...conversations, ...messages]);
}

function compareSetAside(expected: Expected, stored: Stored): string[] {
  const wanted = idsToSetAside(expected);
  const found = idsSetAside(stored);
  return [
    ...[...wanted].filter((id) => !found.has(id)).map((id) => `${id} is not quarantined`),
    ...[...found].filter((id) => !wanted.has(id)).map((id) => `${id} is quarantined, but should not be`),
  ];
}

function compareConversation(
  expected: ExpectedConversation,
  { conversation, messages }: StoredConversation,
  odd: ReadonlySet<string>,
): string[] {
  const place = `conversation ${expected.graphId}`;
  const differences: string[] = [];
  if (conversation.graphId !== expected.graphId)
    differences.push(`${place} is stored as ${conversation.graphId}`);
  if (conversation.messageCount !== expected.messages.length) {
    differences.push(
      `${place} counts ${conversation.messageCount} messages, not ${expected.messages.length}`,
    );
  }
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  if (byId.size !== messages.length) differences.push(`${place} holds a message twice`);
  for (const message of expected.messages) {
    const found = byId.get(message.id);
    byId.delete(message.id);
    const problem = found === undefined ? 'is missing' : compareMessage(message, found, odd.has(message.id));
    if (problem !== null) differences.push(`message ${message.id} of ${place} ${problem}`);
  }
  for (const id of byId.keys()) differences.push(`message ${id} of ${place} is not in the source`);
  return differences;
}

/** An odd message lacks its author or has a text that cannot be stored as it is: only id and time are compared. */
function compareMessage(expected: ExpectedMessage, found: StoredMessage, isOdd: boolean): string | null {
  if (Date.parse(found.eventTimestamp) !== Date.parse(expected.createdTime)) {
    return `has the time ${found.eventTimestamp}, not ${expected.createdTime}`;
  }
  if (isOdd) return null;
  if (expected.fromPage !== null && (found.direction === 'out') !== expected.fromPage) {
    return `has the wrong direction`;
  }
  // The source shows no text as an empty one.
  return (found.text ?? '') === (expected.text ?? '') ? null : 'has another text';
}
