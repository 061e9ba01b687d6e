import type { AutomationAction, AutomationCondition, AutomationEventType } from './rule.ts';

/** A rule as it stands. Times are ISO 8601 UTC with milliseconds, so that they compare as text. */
export interface Rule {
  id: string;
  name: string;
  /** Null: of all connections of the tenant. */
  connectionId: string | null;
  condition: AutomationCondition;
  actions: readonly AutomationAction[];
  /** Since when it is in force without a break. What happened before is not its business, whenever it arrives. */
  activeSince: string;
}

/** What a contact did, as it was stored for the first time. */
export interface ContactEvent {
  /** Of the stored row. */
  id: string;
  conversationId: string;
  connectionId: string;
  type: AutomationEventType;
  /** By the source's clock; ISO 8601 UTC with milliseconds. */
  at: string;
  messageId: string | null;
  /** As it was sent: what an edit changed later does not count. */
  text: string | null;
  /** No older message of the contact was known when it was stored. */
  isFirst: boolean;
}

/** A rule that fires for an event. It is carried out when it can be recorded, which it can once. */
export interface Firing {
  rule: Rule;
  event: ContactEvent;
}

/** What is to become of a tag: the newest word about it, by time and then by key, is the one that stands. */
export interface TagChange {
  conversationId: string;
  tag: string;
  kind: 'add' | 'remove';
  /** The contact's next reply removes it. */
  automatic: boolean;
  asOf: string;
  /** Tells changes of one moment apart, the same way in whatever order they come. */
  asOfKey: string;
  ruleId: string;
}

export interface Notice {
  firing: Firing;
  message: string | null;
}

/** Which rules fire for which events: the oldest event first, and for one event in the order of the rules' ids. */
export function firingsOf(rules: readonly Rule[], events: readonly ContactEvent[]): Firing[] {
  const inOrder = rules.toSorted((a, b) => compare(a.id, b.id));
  return events
    .toSorted(compareEvents)
    .flatMap((event) => inOrder.filter((rule) => fires(rule, event)).map((rule) => ({ rule, event })));
}

export function fires(rule: Rule, event: ContactEvent): boolean {
  const { eventTypes, text, firstMessageOnly } = rule.condition;
  return (
    event.at >= rule.activeSince &&
    (rule.connectionId === null || rule.connectionId === event.connectionId) &&
    eventTypes.includes(event.type) &&
    (!firstMessageOnly || event.isFirst) &&
    (text === null || matches(text, event.text))
  );
}

/** One change per conversation and tag: that of the last action about it. */
export function tagChangesOf(firings: readonly Firing[]): TagChange[] {
  const newest = new Map<string, TagChange>();
  for (const { rule, event } of firings.toSorted((a, b) => compareFirings(a, b))) {
    for (const action of rule.actions) {
      if (action.type === 'notify') continue;
      newest.set(JSON.stringify([event.conversationId, action.tag]), {
        conversationId: event.conversationId,
        tag: action.tag,
        kind: action.type === 'add_tag' ? 'add' : 'remove',
        automatic: action.type === 'add_tag' && action.automatic,
        asOf: event.at,
        asOfKey: keyOf(event),
        ruleId: rule.id,
      });
    }
  }
  return [...newest.values()].toSorted(
    (a, b) => compare(a.conversationId, b.conversationId) || compare(a.tag, b.tag),
  );
}

export function noticesOf(firings: readonly Firing[]): Notice[] {
  return firings.flatMap((firing) =>
    firing.rule.actions.flatMap((action) =>
      action.type === 'notify' ? [{ firing, message: action.message }] : [],
    ),
  );
}

function matches({ match, anyOf }: NonNullable<AutomationCondition['text']>, text: string | null): boolean {
  if (text === null) return false;
  const said = folded(text);
  return anyOf.some((value) => (match === 'equals' ? said === folded(value) : said.includes(folded(value))));
}

/** What two spellings of a text have in common. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

/** Row ids depend on the order of arrival; what the source says does not. */
function keyOf(event: ContactEvent): string {
  return event.messageId ?? event.type;
}

function compareEvents(a: ContactEvent, b: ContactEvent): number {
  return compare(a.at, b.at) || compare(keyOf(a), keyOf(b)) || compare(a.id, b.id);
}

function compareFirings(a: Firing, b: Firing): number {
  return compareEvents(a.event, b.event) || compare(a.rule.id, b.rule.id);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
