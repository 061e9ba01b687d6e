import { graphTime } from '../clock.ts';
import type { SimConversation } from '../data/model.ts';
import { PLAIN, renderMessagesEdge } from './edges.ts';
import type { FieldNode } from './fields.ts';
import { compileMessage, MESSAGE_DEFAULTS, type MessagePlan } from './message-node.ts';
import { readLimit } from './paging.ts';
import { hasNumericIds, participantsOf, personJson } from './people.ts';
import { bareField, compileParts, type Part, type RenderContext, renderParts } from './render.ts';

/** A conversation within an answer. */
interface Place {
  readonly context: RenderContext;
  /** Row within the edge it is answered in; 0 for a conversation by itself. */
  readonly row: number;
}

type ConversationPart = Part<SimConversation, Place>;

export const CONVERSATION_DEFAULTS = ['id', 'updated_time'] as const;

/** How to render conversations with certain fields. */
export interface ConversationPlan {
  readonly parts: readonly ConversationPart[];
  /** The nested `messages` field, if asked for: what it costs depends on its limit. */
  readonly nested: FieldNode | null;
}

export function compileConversation(fields: readonly FieldNode[]): ConversationPlan {
  return {
    parts: compileParts(fields, 'UnifiedThread', makePart),
    nested: fields.find((field) => field.name === 'messages') ?? null,
  };
}

export function renderConversation(
  plan: ConversationPlan,
  conversation: SimConversation,
  context: RenderContext,
  row: number,
): string {
  const breakage = context.breakages.find((item) => item.row === row && item.messageRow === undefined);
  return renderParts(plan.parts, conversation, { context, row }, breakage);
}

function makePart(field: FieldNode): ConversationPart | null {
  if (field.name === 'messages') return { name: 'messages', render: nestedMessages(field) };
  const make = MAKERS[field.name];
  return make ? { name: field.name, render: make(field) } : null;
}

type Render = ConversationPart['render'];

const absent: Render = () => null;
const participants = (field: FieldNode): Render => people(field.children);

const MAKERS: Readonly<Record<string, (field: FieldNode) => Render>> = {
  id: () => (conversation) => JSON.stringify(conversation.id),
  updated_time: () => (conversation) => `"${graphTime(conversation.updatedAt)}"`,
  link: () => (conversation) => JSON.stringify(`/${conversation.page.id}/inbox/${conversation.contactId}/`),
  message_count: () => (conversation) => String(conversation.messages.length),
  unread_count: () => (conversation) => String(conversation.unread),
  snippet: () => (conversation) => snippet(conversation),
  participants,
  senders: participants,
  former_participants: () => () => '{"data":[]}',
  can_reply: () => () => 'true',
  is_subscribed: () => () => 'true',
  scoped_thread_key: () => (conversation) => JSON.stringify(conversation.id),
  tags: () => () => '{"data":[{"name":"inbox"}]}',
  // Known to the source, but empty for ordinary threads: the key is missing.
  is_owner: () => absent,
  name: () => absent,
  subject: () => absent,
  wallpaper: () => absent,
};

const SNIPPET_LENGTH = 80;

function snippet(conversation: SimConversation): string | null {
  const text = conversation.messages.at(-1)?.text;
  if (text === null || text === undefined) return null;
  const cut = text.slice(0, SNIPPET_LENGTH);
  // A cut through a surrogate pair would make a broken text of a good one.
  const whole = text.length > SNIPPET_LENGTH && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
  return JSON.stringify(whole);
}

function people(fields: readonly FieldNode[] | null): Render {
  return (conversation) => {
    const { shape, people: list } = participantsOf(conversation);
    if (shape === 'missing') return null;
    const numeric = hasNumericIds(conversation);
    const data = list.map((person) => personJson(person, numeric, fields)).join(',');
    return shape === 'array' ? `[${data}]` : `{"data":[${data}]}`;
  };
}

function nestedMessages(field: FieldNode): Render {
  const plan: MessagePlan = compileMessage(field.children ?? MESSAGE_DEFAULTS.map(bareField));
  const after = field.modifiers.get('after') ?? null;
  const before = field.modifiers.get('before') ?? null;
  const limit = field.modifiers.get('limit');
  return (conversation, { context, row }) => {
    if (conversation.messages.length === 0) return null;
    const params = { after, before, limit: readLimit(limit, context.behaviour.maxLimit) };
    const call = {
      conversation,
      plan,
      params,
      shaping: PLAIN,
      fieldsText: field.childrenText,
      parentRow: row,
    };
    return renderMessagesEdge(call, context).body;
  };
}
