import type { EventType } from '@tidemark/core/records';

/** What belongs to the envelope of an event, not to what happened. */
const ENVELOPE = new Set(['sender', 'recipient', 'timestamp']);

/** Kinds of events by the member that holds them; whatever else is there is of a kind we do not know. */
const KNOWN_KINDS: ReadonlyMap<string, EventType> = new Map([
  ['message', 'message'],
  ['message_edit', 'edit'],
  ['message_unsend', 'unsend'],
  ['reaction', 'reaction'],
  ['postback', 'postback'],
  ['referral', 'referral'],
  ['optin', 'optin'],
  ['read', 'read'],
  ['delivery', 'delivery'],
]);

/** Kinds that come beside another one and only say more about it. */
const BESIDE = new Set([
  'hop_context',
  'is_standby',
  'messaging_type',
  'notification_type',
  'persona_id',
  'prior_message',
  'sender_action',
  'standby',
  'tag',
]);

/** Kinds about the Page and an app, with nobody on the other side. Both spellings of the first one were seen. */
const PAGE_KINDS = new Set(['policy_enforcement', 'policy-enforcement', 'app_roles']);

/** One thing that happened, under the name the source gives it. */
export interface Happening {
  kind: string;
  type: EventType;
  value: unknown;
}

/** What happened in an event, and what else it says. An event that only names who is meant holds one of kind `none`. */
export function happeningsOf(event: Readonly<Record<string, unknown>>): {
  happenings: Happening[];
  beside: Record<string, unknown>;
} {
  const members = Object.entries(event).filter(([key, value]) => !ENVELOPE.has(key) && value != null);
  const known = members.flatMap(([kind, value]): Happening[] => {
    const type = KNOWN_KINDS.get(kind);
    return type === undefined ? [] : [{ kind, type, value }];
  });
  const others = members.filter(([kind]) => !KNOWN_KINDS.has(kind));
  const unknown = others
    .filter(([kind]) => !BESIDE.has(kind))
    .map(([kind, value]): Happening => ({ kind, type: 'other', value }));
  // Beside a kind we know, one we do not know says more about it; alone, it is what happened.
  if (known.length > 0) return { happenings: known, beside: Object.fromEntries(others) };
  const beside = Object.fromEntries(others.filter(([kind]) => BESIDE.has(kind)));
  if (unknown.length > 0) return { happenings: unknown, beside };
  return { happenings: [{ kind: 'none', type: 'other', value: null }], beside };
}

/** Whether events of this kind may come without a contact: they are counted, and belong to no conversation. */
export function isAboutPage(kind: string): boolean {
  return PAGE_KINDS.has(kind);
}
