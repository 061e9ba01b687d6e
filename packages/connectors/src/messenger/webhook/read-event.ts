import { contentHash } from '@tidemark/core/hashing';
import type { EventRecord, InvalidRecord } from '@tidemark/core/records';
import { happeningsOf, type Happening, isAboutPage } from './event-kinds.ts';
import { idOf, isObject, type JsonObject, member, textMember, timeOf } from './event-parts.ts';

/** Where an event stood in its delivery. */
export interface EventPlace {
  pageId: string;
  /** `time` of its entry, for events that have none of their own. */
  entryTime: string | null;
  /** The Page only listens: another app holds the conversation. */
  isStandby: boolean;
}

/** The stream under which events that do not fit are quarantined. */
export const WEBHOOK_EVENTS = 'webhook-events';

export type ReadEvent =
  | { kind: 'events'; senderId: string; at: string; events: EventRecord[] }
  /** It belongs to no conversation, and says so by its kind. */
  | { kind: 'ignored'; what: string }
  | { kind: 'invalid'; invalid: InvalidRecord };

/** Reads one event of a delivery. Pure; throws nothing. */
export function readEvent(raw: unknown, place: EventPlace): ReadEvent {
  if (!isObject(raw)) return refuse(raw, place, { path: '', reason: 'The event is not an object.' });
  const { happenings, beside } = happeningsOf(raw);
  const contact = contactOf(raw, place.pageId);
  if (contact.kind === 'none') {
    const kind = happenings[0]?.kind ?? 'none';
    if (isAboutPage(kind)) return { kind: 'ignored', what: kind };
    if (
      member(member(raw, 'sender'), 'user_ref') !== undefined ||
      member(member(raw, 'optin'), 'user_ref') !== undefined
    )
      return { kind: 'ignored', what: `${kind} of a visitor without an id` };
    return refuse(raw, place, contact);
  }
  const at = momentOf(raw, place);
  if (at === null) {
    const reason = 'Neither the event nor its entry tells a time we can read.';
    return refuse(raw, place, { path: '/timestamp', reason, parentId: contact.id });
  }
  const moment = { at, direction: contact.direction, beside, isStandby: place.isStandby };
  const events: EventRecord[] = [];
  for (const happening of happenings) {
    const event = toEvent(happening, moment);
    if ('reason' in event) return refuse(raw, place, { ...event, parentId: contact.id });
    events.push(event);
  }
  return { kind: 'events', senderId: contact.id, at, events };
}

/**
 * When it happened. What tells no time of its own tells up to when (`watermark`), which is the same in every delivery of
 * it; the time of its entry is the last resort. One that cannot be read is no reason to take another.
 */
function momentOf(event: JsonObject, place: EventPlace): string | null {
  if (event.timestamp != null) return timeOf(event.timestamp);
  const watermark = member(event.delivery, 'watermark') ?? member(event.read, 'watermark');
  return timeOf(watermark) ?? place.entryTime;
}

interface Refusal {
  path: string;
  reason: string;
  parentId?: string;
}

function refuse(raw: unknown, place: EventPlace, { path, reason, parentId }: Refusal): ReadEvent {
  const mid = ['message', 'message_edit', 'reaction', 'postback']
    .map((kind) => idOf(member(member(raw, kind), 'mid')))
    .find((id) => id !== null);
  return {
    kind: 'invalid',
    invalid: {
      stream: WEBHOOK_EVENTS,
      externalId: mid ?? null,
      path,
      reason,
      raw,
      ...(parentId === undefined ? {} : { parentId }),
      ...(place.entryTime === null ? {} : { asOf: place.entryTime }),
    },
  };
}

type Contact = { kind: 'contact'; id: string; direction: 'in' | 'out' } | ({ kind: 'none' } & Refusal);

/** Of sender and recipient, the one that is not the Page. An echo is what the Page sent, whoever it names. */
function contactOf(event: JsonObject, pageId: string): Contact {
  const sender = idOf(member(event.sender, 'id'));
  const recipient = idOf(member(event.recipient, 'id'));
  const isEcho = member(event.message, 'is_echo') === true;
  const isOut = isEcho || sender === pageId;
  if (sender === null && !isEcho)
    return { kind: 'none', path: '/sender/id', reason: 'The event does not tell who sent it.' };
  const [first, second] = isOut ? [recipient, sender] : [sender, recipient];
  const id = [first, second].find((candidate) => candidate !== null && candidate !== pageId) ?? null;
  if (id === null)
    return { kind: 'none', path: '/sender/id', reason: 'Nobody but the Page itself takes part.' };
  return { kind: 'contact', id, direction: isOut ? 'out' : 'in' };
}

interface Moment {
  at: string;
  direction: 'in' | 'out';
  beside: Record<string, unknown>;
  isStandby: boolean;
}

function toEvent(happening: Happening, moment: Moment): EventRecord | Refusal {
  const { kind, type, value } = happening;
  switch (type) {
    case 'message':
      return toMessage(happening, moment);
    case 'postback': {
      const mid = member(value, 'mid') ?? null;
      if (mid !== null) return withId(happening, moment, mid, textMember(value, 'title'));
      return made(happening, moment, { text: textMember(value, 'title') });
    }
    case 'edit':
    case 'unsend':
    case 'reaction':
      return aboutMessage(happening, moment);
    case 'delivery': {
      const [mid] = [member(value, 'mids')].flat();
      const subjectId = idOf(mid);
      return made(happening, moment, { text: null, ...(subjectId === null ? {} : { subjectId }) });
    }
    case 'read':
    case 'referral':
    case 'optin':
      return made(happening, moment, { text: null });
    case 'other':
      // Two kinds we do not know may share a moment; their names tell them apart.
      return made(happening, moment, { text: null, subjectId: idOf(kind) ?? 'unknown' });
  }
}

function toMessage(happening: Happening, moment: Moment): EventRecord | Refusal {
  const { value } = happening;
  if (!isObject(value)) return { path: '/message', reason: 'The message is not an object.' };
  const mid = value.mid ?? null;
  const isUnsent = value.is_deleted === true;
  if (isUnsent) return aboutMessage({ ...happening, type: 'unsend' }, moment);
  if (mid !== null) return withId(happening, moment, mid, textMember(value, 'text'));
  return made(happening, moment, { text: textMember(value, 'text') });
}

/** An edit, a reaction: rows of their own, told apart by the message they are about. */
function aboutMessage(happening: Happening, moment: Moment): EventRecord | Refusal {
  const mid = idOf(member(happening.value, 'mid'));
  if (mid === null)
    return { path: `/${happening.kind}/mid`, reason: 'It does not tell which message it is about.' };
  const { value, type } = happening;
  const text = {
    edit: textMember(value, 'text'),
    reaction: textMember(value, 'emoji') ?? textMember(value, 'reaction'),
  };
  return made(happening, moment, {
    text: type === 'edit' || type === 'reaction' ? text[type] : null,
    subjectId: mid,
    // An event of its own beside the message, which keeps its id.
    keepsMid: true,
  });
}

/** What a reading of the message through the Graph API does not tell again. */
const TOLD_ONCE = [
  'quick_reply',
  'referral',
  'payload',
  'title',
  'app_id',
  'metadata',
  'nlp',
  'commands',
  'is_echo',
];

function withId(
  happening: Happening,
  moment: Moment,
  mid: unknown,
  text: string | null,
): EventRecord | Refusal {
  const messageId = idOf(mid);
  if (messageId === null)
    return { path: `/${happening.kind}/mid`, reason: 'must be an id of at most 500 characters' };
  const told = TOLD_ONCE.flatMap((key): [string, unknown][] => {
    const found = member(happening.value, key);
    return found == null ? [] : [[key, found]];
  });
  const event = made(happening, moment, { text, messageId });
  return { ...event, notified: { ...Object.fromEntries(told), type: happening.type } };
}

function made(
  { value, type }: Happening,
  { at, direction, beside, isStandby }: Moment,
  own: { text: string | null; messageId?: string; subjectId?: string; keepsMid?: boolean },
): EventRecord {
  const shown = new Set(own.keepsMid === true ? [] : ['mid', ...(own.text === null ? [] : ['text'])]);
  const said = isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([key, told]) => !shown.has(key) && told !== null))
    : value === null
      ? {}
      : { value };
  const metadata = {
    ...said,
    ...(isStandby ? { standby: true } : {}),
    ...(Object.keys(beside).length === 0 ? {} : { beside }),
  };
  return {
    type,
    at,
    messageId: own.messageId ?? null,
    direction,
    text: own.text,
    metadata,
    ...(own.subjectId === undefined ? {} : { subjectId: own.subjectId }),
    asOf: at,
    contentHash: contentHash([type, at, direction, own.text, metadata]),
  };
}
