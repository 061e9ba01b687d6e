import { LONG_THREAD } from '../data/allocate.ts';
import type { Behaviour, Platform, SimConversation, SimMessage, SimPage } from '../data/model.ts';
import { CONVERSATION_ODDITIES, MESSAGE_ODDITIES, type OddityRule, type OddKind } from '../data/odd-kinds.ts';
import { compareKeys } from '../data/sorted.ts';
import { messageKey } from '../data/source.ts';
import { oldestDetailed } from '../graph/message-node.ts';

export interface ExpectedMessage {
  readonly id: string;
  /** ISO 8601 UTC, whole seconds. */
  readonly createdTime: string;
  /** Null: no text, or details unavailable. The source may show no text as `""`. */
  readonly text: string | null;
  /** Null: the source does not tell who wrote it. */
  readonly fromPage: boolean | null;
  /** False: only id and time can be read, under the detail rule. */
  readonly detailed: boolean;
}

export interface ExpectedConversation {
  readonly graphId: string;
  readonly contactId: string;
  readonly contactName: string | null;
  /** ISO 8601 UTC, whole seconds. */
  readonly updatedTime: string;
  /** Oldest first. */
  readonly messages: readonly ExpectedMessage[];
}

/** A record that is odd on purpose. Quarantined ones are not among the conversations or messages. */
export interface OddRecord {
  readonly level: 'conversation' | 'message';
  readonly kind: OddKind;
  readonly outcome: 'stored' | 'quarantined';
  readonly why: string;
  readonly graphId: string;
  readonly messageId: string | null;
}

export interface ExpectedTotals {
  readonly conversations: number;
  readonly messages: number;
  readonly longThreads: number;
  /** Records to be quarantined instead; messages inside a quarantined conversation are not counted here. */
  readonly quarantinedConversations: number;
  readonly quarantinedMessages: number;
  /** What the source holds in all, odd or not. */
  readonly sourceConversations: number;
  readonly sourceMessages: number;
}

/** What a correct sync of a page stores, as of now. */
export interface Expected {
  readonly pageId: string;
  /** Newest first, as the edge answers them. */
  readonly conversations: readonly ExpectedConversation[];
  readonly odd: readonly OddRecord[];
  /** Graph ids of conversations that were there once. */
  readonly deleted: readonly string[];
  readonly totals: ExpectedTotals;
}

export interface ExpectedOptions {
  /** Default `messenger`. Of either, the inbox: what the edge answers when nothing else is named. */
  readonly platform?: Platform | undefined;
  /** Leave out the conversations themselves, only count. */
  readonly totalsOnly?: boolean | undefined;
}

/** Reads the statement off the data. `behaviour` decides which details can be read at all. */
export function expectedOf(page: SimPage, behaviour: Behaviour, options: ExpectedOptions = {}): Expected {
  const platform = options.platform ?? 'messenger';
  const source = page.conversations.filter((item) => item.platform === platform && item.folder === 'inbox');
  const odd = source.flatMap(oddRecords);
  const stored = source.filter((item) => !isQuarantined(item.oddity && CONVERSATION_ODDITIES[item.oddity]));
  const keptMessages = (item: SimConversation): SimMessage[] =>
    item.messages.filter((message) => !isQuarantined(message.oddity && MESSAGE_ODDITIES[message.oddity]));
  const storedIds = new Set(stored.map((item) => item.id));
  const totals: ExpectedTotals = {
    conversations: stored.length,
    messages: sum(stored, (item) => keptMessages(item).length),
    longThreads: stored.filter((item) => item.messages.length > LONG_THREAD).length,
    quarantinedConversations: source.length - stored.length,
    quarantinedMessages: odd.filter(
      (item) => item.level === 'message' && item.outcome === 'quarantined' && storedIds.has(item.graphId),
    ).length,
    sourceConversations: source.length,
    sourceMessages: sum(source, (item) => item.messages.length),
  };
  const conversations =
    options.totalsOnly === true
      ? []
      : stored.map((item) => expectedConversation(item, keptMessages(item), behaviour)).reverse();
  return { pageId: page.id, conversations, odd, deleted: [...page.deleted], totals };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function isQuarantined(rule: OddityRule | null): boolean {
  return rule?.outcome === 'quarantined';
}

function oddRecords(conversation: SimConversation): OddRecord[] {
  const records: OddRecord[] = [];
  const graphId = conversation.id;
  const kind = conversation.oddity;
  if (kind !== null) {
    records.push({ level: 'conversation', kind, ...CONVERSATION_ODDITIES[kind], graphId, messageId: null });
  }
  for (const message of conversation.messages) {
    if (message.oddity === null) continue;
    const rule = MESSAGE_ODDITIES[message.oddity];
    records.push({ level: 'message', kind: message.oddity, ...rule, graphId, messageId: message.id });
  }
  return records;
}

function expectedConversation(
  conversation: SimConversation,
  messages: readonly SimMessage[],
  behaviour: Behaviour,
): ExpectedConversation {
  const detailFrom = oldestDetailed(conversation, { behaviour });
  return {
    graphId: conversation.id,
    contactId: conversation.contactId,
    contactName: conversation.contactName,
    updatedTime: isoTime(conversation.updatedAt),
    messages: messages.map((message): ExpectedMessage => {
      const detailed = detailFrom === null || compareKeys(messageKey(message), detailFrom) >= 0;
      const unsigned = !detailed || message.oddity === 'message-without-from';
      return {
        id: message.id,
        createdTime: isoTime(message.at),
        text: detailed ? message.text : null,
        fromPage: unsigned ? null : message.fromPage,
        detailed,
      };
    }),
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
