import { graphTime } from '../clock.ts';
import type { MessageExtras, SimConversation, SimMessage } from '../data/model.ts';
import { compareKeys, type Key } from '../data/sorted.ts';
import { messageKey } from '../data/source.ts';
import type { FieldNode } from './fields.ts';
import { contactCard, hasNumericIds, pageCard, personJson } from './people.ts';
import {
  type Breakage,
  compileParts,
  type Part,
  project,
  type RenderContext,
  renderParts,
  type ThreadContext,
} from './render.ts';

type MessagePart = Part<SimMessage, ThreadContext>;

export const MESSAGE_DEFAULTS = ['id', 'created_time'] as const;

/** How to render messages with certain fields. */
export interface MessagePlan {
  readonly parts: readonly MessagePart[];
  /** What is left of older messages under the detail rule. */
  readonly bare: readonly MessagePart[];
}

export function compileMessage(fields: readonly FieldNode[]): MessagePlan {
  const parts = compileParts(fields, 'Message', makePart);
  return { parts, bare: parts.filter((part) => part.name === 'id' || part.name === 'created_time') };
}

/** JSON text of messages, in the order given. */
export function renderMessages(
  plan: MessagePlan,
  messages: readonly SimMessage[],
  thread: ThreadContext,
  breakageOf: (row: number) => Breakage | undefined,
): string {
  const detailFrom = oldestDetailed(thread.conversation, thread.context);
  let out = '';
  for (let row = 0; row < messages.length; row += 1) {
    const message = messages[row] as SimMessage;
    const detailed = detailFrom === null || compareKeys(messageKey(message), detailFrom) >= 0;
    const text = renderParts(detailed ? plan.parts : plan.bare, message, thread, breakageOf(row));
    out += row === 0 ? text : `,${text}`;
  }
  thread.context.messages += messages.length;
  return out;
}

/** The key of the oldest message that still shows its details, or null when all do. */
export function oldestDetailed(
  conversation: SimConversation,
  context: Pick<RenderContext, 'behaviour'>,
): Key | null {
  const { detailRule, detailLimit } = context.behaviour;
  const applies =
    detailRule === 'all' || (detailRule === 'instagram' && conversation.platform === 'instagram');
  const oldest = conversation.messages.at(-detailLimit);
  return applies && conversation.messages.length > detailLimit && oldest ? messageKey(oldest) : null;
}

function makePart(field: FieldNode): MessagePart | null {
  const make = MAKERS[field.name];
  return make ? { name: field.name, render: make(field) } : null;
}

type Render = MessagePart['render'];

const absent: Render = () => null;

const MAKERS: Readonly<Record<string, (field: FieldNode) => Render>> = {
  id: () => (message) => JSON.stringify(message.id),
  created_time: () => (message) =>
    message.oddity === 'message-without-created-time' ? null : `"${graphTime(message.at)}"`,
  message: () => renderText,
  from: (field) => people(field.children, (page, contact, fromPage) => (fromPage ? page : contact)),
  to: (field) =>
    people(field.children, (page, contact, fromPage) => `{"data":[${fromPage ? contact : page}]}`),
  attachments: (field) => list((extras) => extras.attachments, field.children),
  // Without braces a share shows nothing but its id.
  shares: (field) => list((extras) => extras.shares, field.children ?? []),
  sticker: () => (message) => {
    const sticker = message.extras?.sticker;
    return sticker === undefined ? null : JSON.stringify(sticker);
  },
  tags: (field) => list(tagsOf, field.children),
  reactions: () => (message, thread) => {
    const reactions = message.extras?.reactions;
    if (reactions === undefined) return null;
    const users = [message.fromPage ? contactCard(thread.conversation) : pageCard(thread.conversation)];
    return JSON.stringify({ data: reactions.map((reaction) => ({ reaction, users })) });
  },
  reply_to: () => (message) => {
    const reply = message.extras?.replyTo;
    return reply === undefined ? null : JSON.stringify({ mid: reply.mid, is_self_reply: reply.isSelfReply });
  },
  is_unsupported: () => absent,
  story: () => absent,
  thread_id: () => (_message, thread) => JSON.stringify(thread.conversation.id),
};

const renderText: Render = (message) => {
  if (message.text !== null) return JSON.stringify(message.text);
  return message.extras?.replacesText === true ? '""' : null;
};

function tagsOf(extras: MessageExtras): readonly Readonly<Record<string, unknown>>[] | undefined {
  return extras.tags?.map((name) => ({ name }));
}

function list(
  pick: (extras: MessageExtras) => readonly Readonly<Record<string, unknown>>[] | undefined,
  fields: readonly FieldNode[] | null,
): Render {
  return (message) => {
    const items = message.extras === null ? undefined : pick(message.extras);
    if (items === undefined || items.length === 0) return null;
    return JSON.stringify({ data: items.map((item) => project(item, fields)) });
  };
}

type ByDirection = (page: string, contact: string, fromPage: boolean) => string;

/** Both people of a thread are rendered once per thread, not once per message. */
function people(fields: readonly FieldNode[] | null, choose: ByDirection): Render {
  let seen: ThreadContext | null = null;
  let outgoing = '';
  let incoming = '';
  return (message, thread) => {
    if (message.oddity === 'message-without-from') return null;
    if (seen !== thread) {
      const { conversation } = thread;
      const numeric = hasNumericIds(conversation);
      const page = personJson(pageCard(conversation), numeric, fields);
      const contact = personJson(contactCard(conversation), numeric, fields);
      outgoing = choose(page, contact, true);
      incoming = choose(page, contact, false);
      seen = thread;
    }
    return message.fromPage ? outgoing : incoming;
  };
}
