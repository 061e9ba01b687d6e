import { inventExtras } from '../data/attachments.ts';
import type { MessageExtras, SimConversation, SimMessage, SimPage } from '../data/model.ts';
import type { Random } from '../data/random.ts';
import type { GraphSource } from '../data/source.ts';
import { contactCard } from '../graph/people.ts';
import type { EventWriter, Notice } from './event-writer.ts';
import type { PageEvent } from './event.ts';

/** What can happen on a page, with how often it does in the usual mix. */
export const USUAL_MIX = {
  message: 30,
  echo: 18,
  attachment: 5,
  sticker: 2,
  'quick-reply': 3,
  reply: 3,
  'new-contact': 4,
  /** Of any message, and of one that was written in the same breath. */
  edit: 4,
  'edit-new': 3,
  reaction: 4,
  unreact: 1,
  read: 8,
  delivery: 8,
  postback: 3,
  referral: 1,
  optin: 1,
  standby: 2,
  handover: 1,
  policy: 1,
  unknown: 1,
} as const satisfies Record<string, number>;

export type TrafficAction = keyof typeof USUAL_MIX;
export const TRAFFIC_ACTIONS = Object.keys(USUAL_MIX) as TrafficAction[];

/** Weights of actions: those left out do not happen. */
export type TrafficMix = Readonly<Partial<Record<TrafficAction, number>>>;

/** A quarter of all that happens concerns the few newest threads, so that events of one contact collide. */
const BUSY_SHARE = 0.25;
const BUSY_THREADS = 3;

/** Lets things happen on pages, drawn from a seed. Messages and their changes go into the data itself. */
export class Traffic {
  readonly #source: GraphSource;
  readonly #writer: EventWriter;
  /** Takes events that leave no trace in the data; the others are told by the data's listeners. */
  readonly #publish: (event: PageEvent) => void;
  readonly #random: Random;
  readonly #actions: readonly TrafficAction[];
  readonly #weights: TrafficMix;

  constructor(parts: {
    source: GraphSource;
    writer: EventWriter;
    publish: (event: PageEvent) => void;
    random: Random;
    mix?: TrafficMix | undefined;
  }) {
    this.#source = parts.source;
    this.#writer = parts.writer;
    this.#publish = parts.publish;
    this.#random = parts.random;
    this.#weights = parts.mix ?? USUAL_MIX;
    this.#actions = TRAFFIC_ACTIONS.filter((action) => (this.#weights[action] ?? 0) > 0);
    if (this.#actions.length === 0) throw new RangeError('the mix of traffic is empty');
  }

  /** One thing happens on this page. */
  step(page: SimPage): void {
    this.#act(this.#draw(), page);
  }

  #draw(): TrafficAction {
    const weight = (action: TrafficAction): number => this.#weights[action] ?? 0;
    let left = this.#random.next() * this.#actions.reduce((sum, action) => sum + weight(action), 0);
    for (const action of this.#actions) {
      left -= weight(action);
      if (left < 0) return action;
    }
    return this.#random.pick(this.#actions);
  }

  #act(action: TrafficAction, page: SimPage): void {
    const thread = action === 'new-contact' ? undefined : this.#thread(page);
    if (thread === undefined) {
      this.#source.addConversation({ pageId: page.id, messages: 1 });
      return;
    }
    switch (action) {
      case 'edit':
        this.#edit(thread);
        break;
      case 'edit-new': {
        const { id, text } = this.#write(thread, false);
        this.#source.editMessage(id, `${text ?? ''} (edited at once)`);
        break;
      }
      case 'reaction':
      case 'unreact':
        this.#react(thread, action === 'reaction');
        break;
      case 'policy':
      case 'handover':
        this.#publish(this.#aboutPage(action, thread));
        break;
      case 'read':
      case 'delivery':
      case 'postback':
      case 'referral':
      case 'optin':
      case 'unknown':
        this.#publish(this.#writer.notice(thread, this.#notice(action, thread)));
        break;
      default:
        this.#write(thread, action === 'echo', this.#extras(action, thread));
    }
  }

  /** Of a contact that can be named. */
  #thread(page: SimPage): SimConversation | undefined {
    const usable = page.conversations.filter(
      (item) =>
        item.platform === 'messenger' && item.folder === 'inbox' && contactCard(item).id === item.contactId,
    );
    if (usable.length === 0) return undefined;
    const busy = this.#random.chance(BUSY_SHARE);
    return this.#random.pick(busy ? usable.slice(-BUSY_THREADS) : usable);
  }

  #write(thread: SimConversation, fromPage: boolean, extras?: MessageExtras): SimMessage {
    return this.#source.addMessage({ conversationId: thread.id, fromPage, extras });
  }

  #extras(action: TrafficAction, thread: SimConversation): MessageExtras | undefined {
    const random = this.#random;
    switch (action) {
      case 'attachment':
        return this.#invent((extras) => extras.attachments !== undefined && extras.sticker === undefined);
      case 'sticker':
        return this.#invent((extras) => extras.sticker !== undefined);
      case 'quick-reply':
        return { webhook: { quickReply: `CHOICE_${random.int(9)}` } };
      case 'reply': {
        const mid = thread.messages.at(-1)?.id;
        return mid === undefined ? undefined : { replyTo: { mid, isSelfReply: false } };
      }
      case 'standby':
        return { webhook: { standby: true } };
      default:
        return undefined;
    }
  }

  #invent(fits: (extras: MessageExtras) => boolean): MessageExtras {
    for (;;) {
      const extras = inventExtras(this.#random, null);
      if (fits(extras)) return extras;
    }
  }

  #edit(thread: SimConversation): void {
    const message = this.#recent(thread, (item) => !item.fromPage && item.text !== null);
    if (message === undefined) this.#write(thread, false);
    else this.#source.editMessage(message.id, `${message.text ?? ''} (edited ${this.#random.int(1_000)})`);
  }

  #react(thread: SimConversation, adds: boolean): void {
    const message = this.#recent(
      thread,
      (item) => item.fromPage && (adds || item.extras?.reactions !== undefined),
    );
    if (message === undefined) this.#write(thread, true);
    else this.#source.react(message.id, adds ? this.#random.pick(['love', 'like', 'wow', 'sad']) : null);
  }

  /** One of the last messages of a thread: nobody edits or likes what was said a year ago. */
  #recent(thread: SimConversation, fits: (message: SimMessage) => boolean): SimMessage | undefined {
    const recent = thread.messages.slice(-20).filter((item) => item.oddity === null && fits(item));
    return recent.length === 0 ? undefined : this.#random.pick(recent);
  }

  #notice(
    action: 'read' | 'delivery' | 'postback' | 'referral' | 'optin' | 'unknown',
    thread: SimConversation,
  ): Notice {
    const random = this.#random;
    switch (action) {
      case 'read':
        return { kind: 'read', body: (at) => ({ read: { watermark: at } }) };
      case 'delivery': {
        const last = thread.messages.findLast((item) => item.fromPage);
        const mids = last !== undefined && random.chance(0.7) ? [last.id] : undefined;
        const timestamped = random.chance(0.5);
        return { kind: 'delivery', timestamped, body: (at) => ({ delivery: { mids, watermark: at } }) };
      }
      case 'postback': {
        const mid = `m_postback${random.int(2 ** 32).toString(36)}${random.int(2 ** 32).toString(36)}`;
        const postback = { mid, title: 'Get started', payload: `START_${random.int(9)}` };
        return { kind: 'postback', messageId: mid, body: () => ({ postback }) };
      }
      case 'referral': {
        const referral = { ref: `ad-${random.int(99)}`, source: 'SHORTLINK', type: 'OPEN_THREAD' };
        return { kind: 'referral', body: () => ({ referral }) };
      }
      case 'optin': {
        const optin = { type: 'notification_messages', payload: `TOPIC_${random.int(9)}` };
        return { kind: 'optin', body: () => ({ optin }) };
      }
      case 'unknown':
        return { kind: 'unknown', body: () => ({ customer_mood: { score: random.int(100) } }) };
    }
  }

  #aboutPage(action: 'policy' | 'handover', thread: SimConversation): PageEvent {
    if (action === 'handover') {
      const body = { take_thread_control: { previous_owner_app_id: '123456789', metadata: 'by hand' } };
      return this.#writer.notice(thread, { kind: 'handover', body: () => body });
    }
    const body = { policy_enforcement: { action: 'warning', reason: 'Too many messages at once' } };
    return this.#writer.pageNotice(thread.page, 'policy', body);
  }
}
