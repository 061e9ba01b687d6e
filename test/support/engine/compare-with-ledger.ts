import type { Expected, ExpectedConversation, ExpectedMessage } from '@tidemark/sandbox';
import type { StoredConversation, StoredMessage } from './stored-page.ts';

/** Beyond this many a list of differences says no more than their number. */
const SHOWN_MAX = 20;

/** What of a Page is stored otherwise than the ledger says a correct sync stores it, in words; nothing, if all is well. */
export function differences(expected: Expected, stored: readonly StoredConversation[]): string[] {
  const held = new Map(stored.map((conversation) => [conversation.contactId, conversation]));
  const found: string[] = [];
  for (const conversation of expected.conversations) {
    const one = held.get(conversation.contactId);
    if (one === undefined) found.push(`conversation ${conversation.contactId} is missing`);
    else found.push(...conversationDifferences(conversation, one));
    held.delete(conversation.contactId);
  }
  for (const contactId of held.keys()) found.push(`conversation ${contactId} is stored and should not be`);
  return shorten(found);
}

function shorten(found: string[]): string[] {
  if (found.length <= SHOWN_MAX) return found;
  return [...found.slice(0, SHOWN_MAX), `and ${found.length - SHOWN_MAX} more`];
}

function conversationDifferences(expected: ExpectedConversation, stored: StoredConversation): string[] {
  const newest = expected.messages.at(-1);
  const figures: [string, unknown, unknown][] = [
    ['graph id', expected.graphId, stored.graphId],
    ['name', expected.contactName, stored.contactName],
    ['updated time', expected.updatedTime, stored.updatedTime],
    ['message count', expected.messages.length, stored.messageCount],
    ['last message', wordsOf(newest?.text ?? null), wordsOf(stored.lastMessage)],
    ['last message time', newest?.createdTime ?? null, stored.lastMessageTime],
  ];
  const where = `conversation ${stored.contactId}`;
  return [...unequal(where, figures), ...messageDifferences(where, expected.messages, stored.messages)];
}

function messageDifferences(
  where: string,
  expected: readonly ExpectedMessage[],
  stored: readonly StoredMessage[],
): string[] {
  const held = new Map<string, StoredMessage>();
  const found: string[] = [];
  for (const message of stored) {
    const id = message.id ?? `without id at ${message.at}`;
    if (held.has(id)) found.push(`${where}: message ${id} is stored twice`);
    held.set(id, message);
  }
  for (const message of expected) {
    const one = held.get(message.id);
    held.delete(message.id);
    if (one === undefined) {
      found.push(`${where}: message ${message.id} is missing`);
      continue;
    }
    const figures: [string, unknown, unknown][] = [
      ['type', 'message', one.type],
      ['time', message.createdTime, one.at],
      ['text', message.text ?? '', originalText(one) ?? ''],
      ['direction', directionOf(message), one.direction],
      ['known but unavailable', !message.detailed, one.metadata.unavailable === true],
    ];
    found.push(...unequal(`${where}: message ${message.id}`, figures));
  }
  for (const id of held.keys()) found.push(`${where}: message ${id} is stored and should not be`);
  return found;
}

function unequal(where: string, figures: readonly [string, unknown, unknown][]): string[] {
  return figures
    .filter(([, expected, stored]) => expected !== stored)
    .map(([name, expected, stored]) => {
      return `${where}: ${name} is ${JSON.stringify(stored)}, not ${JSON.stringify(expected)}`;
    });
}

function directionOf(message: ExpectedMessage): StoredMessage['direction'] {
  if (message.fromPage === null) return null;
  return message.fromPage ? 'out' : 'in';
}

/** What PostgreSQL cannot store in text is kept beside it as the base64 of its JSON. */
function originalText(message: StoredMessage): string | null {
  const original = message.metadata.textOriginal;
  if (typeof original !== 'string') return message.text;
  const text: unknown = JSON.parse(Buffer.from(original, 'base64').toString('utf8'));
  return typeof text === 'string' ? text : null;
}

/** A conversation shows what can be stored of its last message; the source may show no text as an empty one. */
function wordsOf(text: string | null): string {
  return (text ?? '').toWellFormed().replaceAll('\u0000', '\uFFFD');
}
