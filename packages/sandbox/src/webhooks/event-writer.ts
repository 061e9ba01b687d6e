import type { SimConversation, SimMessage, SimPage } from '../data/model.ts';
import type { GraphSource, Mutation } from '../data/source.ts';
import { contactCard, hasNumericIds } from '../graph/people.ts';
import { webhookAttachments } from './attachments.ts';
import type { PageEvent, WebhookEventKind } from './event.ts';

/** The app of the inbox that people answer from by hand. */
const INBOX_APP_ID = 26390203743090;

/** An event that leaves no trace in the data: a contact read, tapped, came in by a link, and so on. */
export interface Notice {
  readonly kind: Exclude<WebhookEventKind, 'message' | 'echo' | 'edit' | 'reaction'>;
  /** The keys of the item beside sender, recipient and timestamp, from the time it happened. */
  readonly body: (at: number) => Readonly<Record<string, unknown>>;
  readonly messageId?: string | undefined;
  /** Some kinds come without `timestamp`. */
  readonly timestamped?: boolean | undefined;
  readonly standby?: boolean | undefined;
}

/** Words what happens on a page as webhooks do. */
export class EventWriter {
  readonly #source: GraphSource;
  readonly #now: () => number;
  readonly #edits = new Map<string, number>();
  readonly #lastAt = new Map<string, number>();
  #seq = 0;

  constructor(source: GraphSource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** What a page hears of a change of its data: nothing of what was taken away, and nothing of Instagram. */
  ofMutation(mutation: Mutation): PageEvent[] {
    const conversation = this.#source.conversation(mutation.conversationId);
    if (conversation === null || conversation.platform !== 'messenger') return [];
    // Nobody could tell whom such an event is about.
    if (contactCard(conversation).id !== conversation.contactId) return [];
    if (mutation.kind === 'conversation-added') {
      return conversation.messages.map((message) => this.#message(conversation, message));
    }
    const message = conversation.messages.find((item) => item.id === mutation.messageId);
    if (message === undefined) return [];
    switch (mutation.kind) {
      case 'message-added':
        return [this.#message(conversation, message)];
      case 'message-edited':
        return [this.#edit(conversation, message)];
      case 'message-reacted':
        return [this.#reaction(conversation, message)];
      default:
        return [];
    }
  }

  /** Something between a contact and the page, told in the contact's name. */
  notice(conversation: SimConversation, notice: Notice): PageEvent {
    const at = this.#tick(conversation.page.id);
    const { kind, messageId = null, standby = false, timestamped = true } = notice;
    const head = timestamped
      ? `${people(conversation, false)},"timestamp":${at}`
      : people(conversation, false);
    const json = `{${head},${inner(notice.body(at))}}`;
    return this.#event({ kind, conversation, messageId, at, standby, json });
  }

  /** Something about the page itself: no sender. */
  pageNotice(page: SimPage, kind: Notice['kind'], body: Readonly<Record<string, unknown>>): PageEvent {
    const at = this.#tick(page.id);
    const json = `{"recipient":{"id":${JSON.stringify(page.id)}},"timestamp":${at},${inner(body)}}`;
    this.#seq += 1;
    const { id: pageId } = page;
    return { seq: this.#seq, kind, pageId, contactId: null, messageId: null, at, standby: false, json };
  }

  #message(conversation: SimConversation, message: SimMessage): PageEvent {
    const { extras, fromPage, id: messageId } = message;
    const at = this.#messageTime(conversation.page.id, message.at);
    const quickReply = extras?.webhook?.quickReply;
    const body = {
      mid: messageId,
      text: message.text ?? undefined,
      quick_reply: quickReply === undefined ? undefined : { payload: quickReply },
      reply_to: extras?.replyTo && { mid: extras.replyTo.mid, is_self_reply: extras.replyTo.isSelfReply },
      attachments: webhookAttachments(extras),
      ...(fromPage ? { is_echo: true, app_id: INBOX_APP_ID } : {}),
    };
    const json = `{${people(conversation, fromPage)},"timestamp":${at},${inner({ message: body })}}`;
    const standby = extras?.webhook?.standby ?? false;
    const kind = fromPage ? 'echo' : 'message';
    return this.#event({ kind, conversation, messageId, at, standby, json });
  }

  #edit(conversation: SimConversation, message: SimMessage): PageEvent {
    const { id: messageId, fromPage } = message;
    const count = (this.#edits.get(messageId) ?? 0) + 1;
    this.#edits.set(messageId, count);
    const at = this.#tick(conversation.page.id);
    const body = { message_edit: { mid: messageId, text: message.text ?? '', num_edit: count } };
    const json = `{${people(conversation, fromPage)},"timestamp":${at},${inner(body)}}`;
    return this.#event({ kind: 'edit', conversation, messageId, at, standby: false, json });
  }

  #reaction(conversation: SimConversation, message: SimMessage): PageEvent {
    const at = this.#tick(conversation.page.id);
    const [reaction] = message.extras?.reactions ?? [];
    const told =
      reaction === undefined ? { action: 'unreact' } : { action: 'react', reaction, emoji: '\u2764' };
    const body = { reaction: { mid: message.id, ...told } };
    // The other side of the message is who reacts.
    const json = `{${people(conversation, !message.fromPage)},"timestamp":${at},${inner(body)}}`;
    return this.#event({ kind: 'reaction', conversation, messageId: message.id, at, standby: false, json });
  }

  #event(
    told: Pick<PageEvent, 'kind' | 'messageId' | 'at' | 'standby' | 'json'> & {
      conversation: SimConversation;
    },
  ): PageEvent {
    const { conversation, ...event } = told;
    this.#seq += 1;
    return { seq: this.#seq, pageId: conversation.page.id, contactId: conversation.contactId, ...event };
  }

  /** Now, but later than anything the page was told of: no two events without an id share their moment. */
  #tick(pageId: string): number {
    const at = Math.max(this.#now(), (this.#lastAt.get(pageId) ?? 0) + 1);
    this.#lastAt.set(pageId, at);
    return at;
  }

  /** Within the second that the edges show for the message, in the order in which messages were written. */
  #messageTime(pageId: string, seconds: number): number {
    const now = this.#now();
    const start = seconds * 1000;
    const wanted = Math.max(start + (now % 1000), (this.#lastAt.get(pageId) ?? 0) + 1);
    const at = Math.max(start, Math.min(wanted, start + 999));
    this.#lastAt.set(pageId, Math.max(at, this.#lastAt.get(pageId) ?? 0));
    return at;
  }
}

/** Keys and values of an object without its braces. */
function inner(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body).slice(1, -1);
}

function people(conversation: SimConversation, fromPage: boolean): string {
  const bare = hasNumericIds(conversation) && /^[1-9]\d*$/.test(conversation.contactId);
  // Digits go out as they are: JSON.stringify would round what exceeds 2^53.
  const contact = `{"id":${bare ? conversation.contactId : JSON.stringify(conversation.contactId)}}`;
  const page = `{"id":${JSON.stringify(conversation.page.id)}}`;
  const [sender, recipient] = fromPage ? [page, contact] : [contact, page];
  return `"sender":${sender},"recipient":${recipient}`;
}
