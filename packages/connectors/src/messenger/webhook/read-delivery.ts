import type { DeliveryPart, ParsedDelivery } from '@tidemark/core/connector';
import { parseJson } from '@tidemark/core/json';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import { readingOf } from '@tidemark/core/validation';
import { messagesOf } from '../to-records.ts';
import { idOf, isObject, type JsonObject, member, timeOf } from './event-parts.ts';
import { type EventPlace, readEvent, WEBHOOK_EVENTS } from './read-event.ts';
import { webhookVariationsOf } from './webhook-variations.ts';

interface GatheredPage {
  contacts: Map<string, ConversationRecord>;
  invalid: InvalidRecord[];
  /** The fallbacks of each event that was read. */
  read: string[][];
  /** The entries that spoke of the Page, with the fallbacks of each. */
  entries: Map<JsonObject, Set<string>>;
}

/** Names come from outside: so many are counted by themselves, an endless number of others together. */
const NAMES_MAX = 50;
const NAME_LENGTH_MAX = 200;

/** What one delivery says, gathered by Page. */
class Gathering {
  readonly #pages = new Map<string, GatheredPage>();
  readonly ignored = new Map<string, number>();

  ignore(what: string): void {
    const given = what.slice(0, NAME_LENGTH_MAX);
    const name = this.ignored.has(given) || this.ignored.size < NAMES_MAX ? given : 'others';
    this.ignored.set(name, (this.ignored.get(name) ?? 0) + 1);
  }

  add(raw: unknown, place: EventPlace, entry: JsonObject, variations: readonly string[]): void {
    const read = readEvent(raw, place);
    if (read.kind === 'ignored') {
      this.ignore(read.what);
      return;
    }
    const page: GatheredPage = this.#pages.get(place.pageId) ?? {
      contacts: new Map(),
      invalid: [],
      read: [],
      entries: new Map(),
    };
    this.#pages.set(place.pageId, page);
    const known = page.entries.get(entry) ?? new Set();
    page.entries.set(entry, known);
    for (const place of variations) known.add(place);
    if (read.kind === 'invalid') {
      page.invalid.push(read.invalid);
      return;
    }
    page.read.push(webhookVariationsOf.event(raw));
    const { senderId, events } = read;
    const context = { pageId: place.pageId, senderId, asOf: read.at };
    const contact = page.contacts.get(senderId) ?? messagesOf(context, []);
    contact.events.push(...events);
    page.contacts.set(senderId, contact);
  }

  parts(): DeliveryPart[] {
    return [...this.#pages]
      .map(([accountId, { contacts, invalid, read, entries }]) => ({
        accountId,
        records: [{ kind: 'conversations' as const, rows: [...contacts.values()] }],
        invalid,
        events: read.length + invalid.length,
        validation: [
          readingOf(
            'response',
            WEBHOOK_EVENTS,
            [...entries.values()].map((places) => [...places]),
          ),
          readingOf('record', WEBHOOK_EVENTS, read, invalid.length),
        ],
      }))
      .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  }
}

/**
 * Reads a delivery of Meta's webhooks: every event of every entry, for as many Pages as it speaks of. An event that does
 * not fit is quarantined by itself. What is not about a Page's conversations is counted by its name.
 */
export function readDelivery(body: string): ParsedDelivery {
  const delivery = parseJson(body);
  const gathering = new Gathering();
  const object = member(delivery, 'object');
  const entries = member(delivery, 'entry');
  const isOurs = object === 'page';
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (!isOurs) gathering.ignore(typeof object === 'string' ? object : 'unknown object');
    else if (isObject(entry)) gatherEntry(gathering, entry);
    else gathering.ignore('an entry that is not an object');
  }
  return { isOurs, parts: gathering.parts(), ignored: gathering.ignored };
}

function gatherEntry(gathering: Gathering, entry: JsonObject): void {
  const entryTime = timeOf(entry.time);
  const entryId = idOf(entry.id);
  const variations = webhookVariationsOf.entry(entry);
  const gather = (raw: unknown, isStandby: boolean, more: readonly string[] = []) => {
    const pageId = entryId ?? pageOf(raw);
    if (pageId === null) gathering.ignore('an event that names no Page');
    else gathering.add(raw, { pageId, entryTime, isStandby }, entry, [...variations, ...more]);
  };
  for (const raw of listOf(entry.messaging)) gather(raw, false);
  for (const raw of listOf(entry.standby)) gather(raw, true);
  for (const change of listOf(entry.changes)) {
    const value = member(change, 'value');
    // Meta's test button wraps an event of the messaging kind as a change.
    if (isObject(member(value, 'sender')) && isObject(member(value, 'recipient')))
      gather(value, false, ['/changes']);
    else gathering.ignore(`change of ${String(member(change, 'field') ?? 'an unknown field')}`);
  }
}

/** The Page, in an entry that does not name it: the one that was written to, or that wrote. */
function pageOf(event: unknown): string | null {
  const isEcho = member(member(event, 'message'), 'is_echo') === true;
  return idOf(member(member(event, isEcho ? 'sender' : 'recipient'), 'id'));
}

/** One event alone is taken for a list of one. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === null || value === undefined ? [] : [value];
}
