import { createIdSpace, locateMessageId } from './ids.ts';
import { APP_ID, type Behaviour, type SimConversation, type SimMessage, type SimPage } from './model.ts';
import { firstAtLeast } from './sorted.ts';
import { type ConversationInput, type MessageInput, newConversation, newMessage } from './additions.ts';
import { createRandom, type Random } from './random.ts';
import { type PageSpec, type SeedTimes, seedPage } from './seed-page.ts';

/** A change of the data, told to listeners after it was made. */
export interface Mutation {
  readonly kind:
    | 'message-added'
    | 'message-edited'
    | 'message-reacted'
    | 'message-deleted'
    | 'conversation-added'
    | 'conversation-deleted';
  readonly pageId: string;
  readonly conversationId: string;
  readonly messageId: string | null;
}

export interface SourceOptions {
  readonly seed: string;
  readonly times: SeedTimes;
  /** Milliseconds since the epoch: the time of messages added without one. */
  readonly now: () => number;
}

export interface EditOptions {
  /** Let the edit move the thread to the top, as a new message does. The real source is not known to. */
  readonly bump?: boolean | undefined;
}

/** What was named does not exist, or exists already. */
export class SourceError extends Error {
  readonly reason: 'unknown' | 'exists' | 'invalid';

  constructor(reason: SourceError['reason'], message: string) {
    super(message);
    this.name = 'SourceError';
    this.reason = reason;
  }
}

/**
 * The data model behind the simulated Graph API: pages with conversations with messages, in the order in
 * which the edges answer. All changes go through here, so that cursors, the order and the ledger agree.
 */
export class GraphSource {
  readonly pages = new Map<string, SimPage>();
  readonly #options: SourceOptions;
  readonly #random: Random;
  readonly #conversations = new Map<string, SimConversation>();
  readonly #prefixes = new Map<string, SimPage>();
  readonly #ownIds = new Map<string, SimConversation>();
  readonly #listeners = new Set<(mutation: Mutation) => void>();

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#random = createRandom(`${options.seed} mutations`);
  }

  /** Adds a page and fills it. Throws when the page exists. */
  addPage(spec: PageSpec): SimPage {
    if (this.pages.has(spec.pageId)) throw new SourceError('exists', `page ${spec.pageId} exists`);
    if (spec.requireProof === true && spec.appSecret === undefined) {
      throw new SourceError('invalid', 'requireProof needs appSecret');
    }
    const ids = createIdSpace(spec.pageId, this.#options.seed);
    if (this.#prefixes.has(ids.messagePrefix))
      throw new SourceError('exists', `ids of page ${spec.pageId} are taken`);
    const page: SimPage = {
      id: spec.pageId,
      name: spec.name ?? `Page ${spec.pageId}`,
      ids,
      accessToken: spec.accessToken ?? `EAAB${spec.pageId}`,
      tokenEnd: null,
      appSecret: spec.appSecret ?? null,
      requireProof: spec.requireProof ?? false,
      conversations: [],
      byIndex: new Map(),
      nextIndex: 0,
      nextOrder: 0,
      revision: 0,
      deleted: [],
      subscribedApps: new Map(spec.subscribedFields ? [[APP_ID, spec.subscribedFields]] : []),
      behaviour: { ...spec.behaviour },
    };
    seedPage(page, spec, this.#options.seed, this.#options.times);
    for (const conversation of page.conversations) this.#conversations.set(conversation.id, conversation);
    this.#prefixes.set(ids.messagePrefix, page);
    this.pages.set(page.id, page);
    return page;
  }

  removePage(pageId: string): void {
    const page = this.page(pageId);
    for (const conversation of page.conversations) this.#forget(conversation);
    this.#prefixes.delete(page.ids.messagePrefix);
    this.pages.delete(pageId);
  }

  /** The page, or an error: for callers that know it exists. */
  page(pageId: string): SimPage {
    const page = this.pages.get(pageId);
    if (page === undefined) throw new SourceError('unknown', `no page ${pageId}`);
    return page;
  }

  conversation(conversationId: string): SimConversation | null {
    return this.#conversations.get(conversationId) ?? null;
  }

  /** A message with its conversation, or null when there is none of this id (any more). */
  message(messageId: string): { conversation: SimConversation; message: SimMessage } | null {
    const conversation = this.#ownIds.get(messageId) ?? this.#locate(messageId);
    const message = conversation?.messages.find((candidate) => candidate.id === messageId);
    return conversation && message ? { conversation, message } : null;
  }

  /** The newest conversation of a contact, on any platform. */
  conversationOf(pageId: string, contactId: string): SimConversation | null {
    return this.page(pageId).conversations.findLast((item) => item.contactId === contactId) ?? null;
  }

  /**
   * Adds a message, to a random thread unless one is named. It moves the thread to the top of its page,
   * unless its time lies before the thread's newest message.
   */
  addMessage(input: MessageInput): SimMessage {
    if (input.id !== undefined && this.message(input.id) !== null) {
      throw new SourceError('exists', `message ${input.id} exists`);
    }
    const conversation = this.#target(input);
    const message = newMessage(conversation, input, this.#random, this.#newTime(conversation.page));
    const place = firstAtLeast(conversation.messages, message.at, message.number, messageKey);
    conversation.messages.splice(place, 0, message);
    if (input.id !== undefined) this.#ownIds.set(message.id, conversation);
    if (!message.fromPage) conversation.unread += 1;
    if (message.at >= conversation.updatedAt) this.#bump(conversation, message.at);
    this.#changed('message-added', conversation, message.id);
    return message;
  }

  editMessage(messageId: string, text: string, options: EditOptions = {}): void {
    const { conversation, message } = this.#known(messageId);
    message.text = text;
    if (options.bump === true) this.#bump(conversation, this.#newTime(conversation.page));
    this.#changed('message-edited', conversation, messageId);
  }

  /** The other side of the message leaves a reaction in place of its last one, or with null takes it back. */
  react(messageId: string, reaction: string | null): void {
    const { conversation, message } = this.#known(messageId);
    message.extras = { ...message.extras, reactions: reaction === null ? undefined : [reaction] };
    this.#changed('message-reacted', conversation, messageId);
  }

  /** Takes a message back. No edge tells of it; the thread keeps its place. */
  deleteMessage(messageId: string): void {
    const { conversation, message } = this.#known(messageId);
    conversation.messages.splice(conversation.messages.indexOf(message), 1);
    this.#changed('message-deleted', conversation, messageId);
  }

  addConversation(input: ConversationInput): SimConversation {
    const page = this.page(input.pageId);
    const conversation = newConversation(page, input, this.#random, this.#newTime(page));
    page.byIndex.set(conversation.index, conversation);
    this.#conversations.set(conversation.id, conversation);
    this.#insert(conversation);
    this.#changed('conversation-added', conversation, null);
    return conversation;
  }

  deleteConversation(conversationId: string): void {
    const conversation = this.#conversations.get(conversationId);
    if (conversation === undefined) throw new SourceError('unknown', `no conversation ${conversationId}`);
    const { page } = conversation;
    page.conversations.splice(page.conversations.indexOf(conversation), 1);
    page.byIndex.delete(conversation.index);
    page.deleted.push(conversationId);
    this.#forget(conversation);
    this.#changed('conversation-deleted', conversation, null);
  }

  /** Switches what a page does; for values see `Behaviour`. */
  configure(pageId: string, behaviour: Partial<Behaviour>): void {
    const page = this.page(pageId);
    page.behaviour = { ...page.behaviour, ...behaviour };
    page.revision += 1;
  }

  /** Ends the page's token: its calls get error 190 with this subcode until `renewToken`. */
  expireToken(pageId: string, subcode: number | null = 463): void {
    this.page(pageId).tokenEnd = { subcode };
  }

  renewToken(pageId: string, accessToken?: string): void {
    const page = this.page(pageId);
    page.tokenEnd = null;
    page.accessToken = accessToken ?? page.accessToken;
  }

  /** Calls `listener` after each change; returns how to stop it. */
  onMutation(listener: (mutation: Mutation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forget(conversation: SimConversation): void {
    this.#conversations.delete(conversation.id);
    for (const message of conversation.messages) this.#ownIds.delete(message.id);
  }

  #locate(messageId: string): SimConversation | undefined {
    const place = locateMessageId(messageId);
    return place ? this.#prefixes.get(place.messagePrefix)?.byIndex.get(place.index) : undefined;
  }

  #known(messageId: string): { conversation: SimConversation; message: SimMessage } {
    const found = this.message(messageId);
    if (found === null) throw new SourceError('unknown', `no message ${messageId}`);
    return found;
  }

  #target(input: MessageInput): SimConversation {
    if (input.conversationId !== undefined) {
      const named = this.#conversations.get(input.conversationId);
      if (named === undefined) throw new SourceError('unknown', `no conversation ${input.conversationId}`);
      return named;
    }
    if (input.pageId === undefined)
      throw new SourceError('invalid', 'a message needs conversationId or pageId');
    return this.#random.pick(this.page(input.pageId).conversations);
  }

  /** Now, but never before what the page already shows: new things are on top even with a clock set back. */
  #newTime(page: SimPage): number {
    const newest = page.conversations.at(-1)?.updatedAt ?? 0;
    return Math.max(Math.floor(this.#options.now() / 1000), newest);
  }

  #bump(conversation: SimConversation, at: number): void {
    const list = conversation.page.conversations;
    list.splice(list.indexOf(conversation), 1);
    conversation.updatedAt = at;
    this.#insert(conversation);
  }

  #insert(conversation: SimConversation): void {
    const { page } = conversation;
    conversation.order = page.nextOrder++;
    const place = firstAtLeast(
      page.conversations,
      conversation.updatedAt,
      conversation.order,
      conversationKey,
    );
    page.conversations.splice(place, 0, conversation);
  }

  #changed(kind: Mutation['kind'], conversation: SimConversation, messageId: string | null): void {
    conversation.page.revision += 1;
    const mutation = { kind, pageId: conversation.page.id, conversationId: conversation.id, messageId };
    for (const listener of this.#listeners) listener(mutation);
  }
}

/** Where a conversation stands in its page. */
export function conversationKey(conversation: SimConversation): readonly [number, number] {
  return [conversation.updatedAt, conversation.order];
}

/** Where a message stands in its conversation. */
export function messageKey(message: SimMessage): readonly [number, number] {
  return [message.at, message.number];
}
