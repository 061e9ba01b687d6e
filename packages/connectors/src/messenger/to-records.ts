import { contentHash } from '@tidemark/core/hashing';
import type { ConversationRecord, EventRecord, InvalidRecord } from '@tidemark/core/records';
import type { z } from 'zod';
import { findContact } from './contact.ts';
import {
  type GraphConversation,
  type GraphMessage,
  graphConversation,
  graphMessage,
} from './graph-schemas.ts';
import { variationsOf } from './graph-variations.ts';

/** What every record of one answer shares. */
export interface AnswerContext {
  pageId: string;
  /** When the source gave the answer, ISO 8601: the time for which its content is vouched for. */
  asOf: string;
}

/** Of messages also the contact they belong to, which they do not always name. */
export interface MessageContext extends AnswerContext {
  senderId: string;
}

export interface ParsedMessages {
  events: EventRecord[];
  invalid: InvalidRecord[];
  /** The oldest and the newest time among the messages that could be read. */
  oldest: string | null;
  newest: string | null;
  /** The fallbacks each event needed to be read. */
  fallbacks: string[][];
}

export interface ParsedConversation {
  record: ConversationRecord;
  invalid: InvalidRecord[];
  conversation: GraphConversation;
  oldestMessage: string | null;
  /** The fallbacks the conversation needed to be read, and those each of its messages did. */
  fallbacks: string[];
  messageFallbacks: string[][];
}

function firstIssue(error: z.ZodError): { path: string; reason: string } {
  const issue = error.issues[0];
  const path = issue === undefined ? '' : issue.path.map((segment) => `/${String(segment)}`).join('');
  return { path, reason: issue?.message ?? 'does not fit the schema' };
}

function rawId(raw: unknown): string | null {
  if (raw === null || typeof raw !== 'object' || !('id' in raw)) return null;
  return typeof raw.id === 'string' || typeof raw.id === 'number' ? String(raw.id) : null;
}

/**
 * A record as it is kept when it cannot be stored. Positions are no part of it: they hold the access token, and differ
 * in every answer, so that the same record would be kept again and again.
 */
function withoutPaging(raw: unknown): unknown {
  if (typeof raw === 'string') return raw.replaceAll(/access_token=[^&\s"]+/g, 'access_token=[redacted]');
  if (Array.isArray(raw)) return raw.map(withoutPaging);
  if (raw === null || typeof raw !== 'object') return raw;
  const members = Object.entries(raw).filter(([key]) => key !== 'paging');
  return Object.fromEntries(members.map(([key, member]) => [key, withoutPaging(member)]));
}

/** Parses the messages of one conversation. One that does not fit is quarantined; the others are kept. */
export function parseMessages(items: readonly unknown[], context: MessageContext): ParsedMessages {
  const parsed: ParsedMessages = { events: [], invalid: [], oldest: null, newest: null, fallbacks: [] };
  for (const raw of items) {
    const result = graphMessage.safeParse(raw);
    if (!result.success) {
      parsed.invalid.push({
        stream: 'messages',
        externalId: rawId(raw),
        ...firstIssue(result.error),
        raw: withoutPaging(raw),
        parentId: context.senderId,
        asOf: context.asOf,
      });
      continue;
    }
    const message = result.data;
    parsed.events.push(toEvent(message, context));
    parsed.fallbacks.push(variationsOf.message(raw));
    const at = message.created_time;
    if (parsed.oldest === null || at < parsed.oldest) parsed.oldest = at;
    if (parsed.newest === null || at > parsed.newest) parsed.newest = at;
  }
  return parsed;
}

/** Known before anything was vouched for: any version with details is newer than one without. */
const BEFORE_ALL = new Date(0).toISOString();

function toEvent(message: GraphMessage, context: AnswerContext): EventRecord {
  const { id, created_time: at, message: text, ...rest } = message;
  const isDetailed = rest.from != null || Object.keys(rest).length > 0 || (text ?? '') !== '';
  const metadata: Record<string, unknown> = isDetailed ? rest : { unavailable: true };
  const content = { at, text: text ?? null, metadata: withoutLinks(metadata) };
  return {
    type: 'message',
    at,
    messageId: id,
    direction: directionOf(message, context.pageId),
    text: text ?? null,
    metadata,
    asOf: isDetailed ? context.asOf : BEFORE_ALL,
    contentHash: contentHash(content),
  };
}

function directionOf(message: GraphMessage, pageId: string): EventRecord['direction'] {
  const sender = message.from?.id;
  if (sender == null) return null;
  return sender === pageId ? 'out' : 'in';
}

/**
 * The content without links. Links to attachments expire and differ in every answer, so a new link is no change of
 * the message.
 */
function withoutLinks(value: unknown): unknown {
  if (typeof value === 'string') return /^https?:\/\//.test(value) ? 'link' : value;
  if (Array.isArray(value)) return value.map(withoutLinks);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutLinks(member)]));
}

/** Messages with no more of their conversation than whose they are. */
export function messagesOf(context: MessageContext, events: EventRecord[]): ConversationRecord {
  const { pageId, senderId, asOf } = context;
  return {
    pageId,
    senderId,
    graphId: null,
    senderName: null,
    updatedAt: null,
    asOf,
    contentHash: null,
    events,
  };
}

/** Parses one conversation with its nested messages; an invalid record instead when it cannot be stored. */
export function parseConversation(raw: unknown, context: AnswerContext): ParsedConversation | InvalidRecord {
  const result = graphConversation.safeParse(raw);
  if (!result.success) {
    return {
      stream: 'conversations',
      externalId: rawId(raw),
      ...firstIssue(result.error),
      raw: withoutPaging(raw),
      asOf: context.asOf,
    };
  }
  const conversation = result.data;
  const contact = findContact(conversation.participants, context.pageId);
  if (contact.kind === 'none') {
    return {
      stream: 'conversations',
      externalId: conversation.id,
      path: '/participants',
      reason: contact.reason,
      raw: withoutPaging(raw),
      asOf: context.asOf,
    };
  }
  const messages = parseMessages(conversation.messages?.data ?? [], {
    ...context,
    senderId: contact.id,
  });
  const participants = contact.bad.map(
    ({ participant, index, reason }): InvalidRecord => ({
      stream: 'participants',
      externalId: conversation.id,
      path: `/participants/${index}`,
      reason,
      raw: withoutPaging(participant),
      parentId: contact.id,
      asOf: context.asOf,
    }),
  );
  return {
    record: toConversation(conversation, contact, messages.events, context),
    invalid: [...participants, ...messages.invalid],
    conversation,
    oldestMessage: messages.oldest,
    fallbacks: variationsOf.conversation(raw),
    messageFallbacks: messages.fallbacks,
  };
}

function toConversation(
  conversation: GraphConversation,
  contact: { id: string; name: string | null },
  events: EventRecord[],
  context: AnswerContext,
): ConversationRecord {
  const content = {
    graphId: conversation.id,
    senderName: contact.name,
    updatedAt: conversation.updated_time,
  };
  return {
    pageId: context.pageId,
    senderId: contact.id,
    ...content,
    asOf: context.asOf,
    contentHash: contentHash(content),
    events,
  };
}
