import type { SimConversation, SimMessage, SimPage } from '../data/model.ts';
import { hash52 } from '../data/random.ts';
import { compareKeys, firstAtLeast, type Key } from '../data/sorted.ts';
import { conversationKey, messageKey } from '../data/source.ts';

/** Which rows of an edge: those after (older than) a key or before (newer than) it, at most `limit`. */
export interface WindowRequest {
  readonly after: Key | null;
  readonly before: Key | null;
  readonly limit: number;
  /** Moves the start by so many rows: negative towards the top. A misplaced cursor does that. */
  readonly shift: number;
}

export interface Window<T> {
  /** As answered: newest first. */
  readonly rows: readonly T[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

/** A list in ascending order of its keys, of which an edge answers windows from the far end. */
export interface Ranked<T> {
  readonly list: readonly T[];
  readonly key: (item: T) => Key;
  readonly accept: ((item: T) => boolean) | null;
}

export function windowOf<T>(ranked: Ranked<T>, request: WindowRequest): Window<T> {
  return request.before !== null
    ? newerThan(ranked, request.before, request.limit)
    : olderThan(ranked, request);
}

function olderThan<T>({ list, key, accept }: Ranked<T>, request: WindowRequest): Window<T> {
  const { after, limit, shift } = request;
  const start = after === null ? list.length : firstAtLeast(list, after[0], after[1], key);
  // Towards the top is up in the index, since the list runs from old to new.
  const from = Math.min(list.length, Math.max(0, start - shift));
  const rows: T[] = [];
  let index = from - 1;
  let hasNext = false;
  for (; index >= 0; index -= 1) {
    const item = list[index] as T;
    if (accept !== null && !accept(item)) continue;
    if (rows.length === limit) {
      hasNext = true;
      break;
    }
    rows.push(item);
  }
  return { rows, hasNext, hasPrevious: anyFrom(list, from, accept) };
}

function newerThan<T>({ list, key, accept }: Ranked<T>, before: Key, limit: number): Window<T> {
  let index = firstAtLeast(list, before[0], before[1], key);
  while (index < list.length && compareKeys(key(list[index] as T), before) <= 0) index += 1;
  const hasNext = index > 0;
  const rows: T[] = [];
  for (; index < list.length && rows.length < limit; index += 1) {
    const item = list[index] as T;
    if (accept === null || accept(item)) rows.push(item);
  }
  return { rows: rows.reverse(), hasNext, hasPrevious: anyFrom(list, index, accept) };
}

function anyFrom<T>(list: readonly T[], from: number, accept: ((item: T) => boolean) | null): boolean {
  if (accept === null) return from < list.length;
  for (let index = from; index < list.length; index += 1) if (accept(list[index] as T)) return true;
  return false;
}

/** A page's conversations in the order in which they are answered. */
export function rankConversations(
  page: SimPage,
  unordered: boolean,
  accept: ((item: SimConversation) => boolean) | null,
): Ranked<SimConversation> {
  if (!unordered) return { list: page.conversations, key: conversationKey, accept };
  return { ...scrambled(page.conversations, page.revision), accept };
}

/** A conversation's messages in the order in which they are answered. */
export function rankMessages(conversation: SimConversation, unordered: boolean): Ranked<SimMessage> {
  if (!unordered) return { list: conversation.messages, key: messageKey, accept: null };
  return { ...scrambled(conversation.messages, conversation.page.revision), accept: null };
}

type Scrambled<T> = Omit<Ranked<T>, 'accept'>;

const scrambles = new WeakMap<readonly { readonly id: string }[], { revision: number; ranked: unknown }>();

/** An order that has nothing to do with time, yet is the same for each call and page of it. */
function scrambled<T extends { readonly id: string }>(list: readonly T[], revision: number): Scrambled<T> {
  const known = scrambles.get(list);
  if (known?.revision === revision) return known.ranked as Scrambled<T>;
  const keys = new Map(list.map((item): [T, Key] => [item, [hash52(item.id), 0]]));
  const key = (item: T): Key => keys.get(item) ?? [0, 0];
  const ranked: Scrambled<T> = { list: [...list].sort((a, b) => compareKeys(key(a), key(b))), key };
  scrambles.set(list, { revision, ranked });
  return ranked;
}
