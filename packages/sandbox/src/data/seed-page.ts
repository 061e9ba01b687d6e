import { allocateMessages, type MessageAmount } from './allocate.ts';
import { inventExtras } from './attachments.ts';
import type { Behaviour, Platform, SimConversation, SimMessage, SimPage } from './model.ts';
import {
  type ConversationOddity,
  chosenOddities,
  isMessageOddity,
  type MessageOddity,
  type OddChoice,
} from './odd-kinds.ts';
import type { Language } from './phrases.ts';
import { createRandom, type Random } from './random.ts';
import { composeText, inventContact } from './texts.ts';

/** A page to be filled with data. Figures are exact: so many conversations, messages and long threads. */
export interface PageSpec {
  readonly pageId: string;
  readonly name?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly appSecret?: string | undefined;
  /** Refuse calls without `appsecret_proof`. Needs `appSecret`. */
  readonly requireProof?: boolean | undefined;
  /** Messenger conversations, odd ones included. */
  readonly conversations: number;
  /** A total over all conversations, or a range for each. Default: ten for each. */
  readonly messages?: MessageAmount | undefined;
  /** How many threads hold more than 300 messages; left out, chance decides. */
  readonly longThreads?: number | undefined;
  readonly odd?: OddChoice | undefined;
  /** Conversations on Instagram, on top of the others. */
  readonly instagram?: { readonly conversations: number; readonly messages: MessageAmount } | undefined;
  /** Webhook fields the app is subscribed to from the start; see `WEBHOOK_FIELDS`. Default none. */
  readonly subscribedFields?: readonly string[] | undefined;
  readonly behaviour?: Partial<Behaviour> | undefined;
}

export interface SeedTimes {
  /** Epoch seconds of the newest message. */
  readonly newest: number;
  /** Days over which the threads' last messages are spread. */
  readonly spreadDays: number;
}

interface Thread {
  readonly platform: Platform;
  readonly count: number;
  conversationOddity: ConversationOddity | null;
  readonly messageOddities: MessageOddity[];
}

/** Fills an empty page. The same seed, page id and figures always give the same data. */
export function seedPage(page: SimPage, spec: PageSpec, seed: string, times: SeedTimes): void {
  const random = createRandom(`${seed} ${spec.pageId}`);
  const counts = allocateMessages(random, { ...spec, messages: spec.messages ?? spec.conversations * 10 });
  const threads = counts.map((count) => plainThread('messenger', count));
  dealOddities(random, threads, spec.odd);
  if (spec.instagram) {
    threads.push(...allocateMessages(random, spec.instagram).map((count) => plainThread('instagram', count)));
  }
  const step = (times.spreadDays * 86_400) / Math.max(1, threads.length);
  const ranks = random.shuffle(threads.map((_, index) => index));
  threads.forEach((thread, index) => {
    const rank = ranks[index] ?? 0;
    // Each thread has its own slot of time, so that times are well spread and the order is by rank.
    const jitter = rank === 0 ? 0 : random.int(Math.max(1, Math.floor(step)));
    const updatedAt = times.newest - Math.floor(rank * step) - jitter;
    const own = createRandom(`${seed} ${spec.pageId} ${index}`);
    page.byIndex.set(index, seedConversation({ page, index, thread, updatedAt, random: own }));
  });
  page.nextIndex = threads.length;
  const sorted = [...page.byIndex.values()].sort((a, b) => a.updatedAt - b.updatedAt || a.index - b.index);
  for (const conversation of sorted) {
    conversation.order = page.nextOrder++;
    page.conversations.push(conversation);
  }
}

function plainThread(platform: Platform, count: number): Thread {
  return { platform, count, conversationOddity: null, messageOddities: [] };
}

/** Gives each oddity a thread of its own, none of them a long one: those are there to be counted. */
function dealOddities(random: Random, threads: readonly Thread[], choice: OddChoice | undefined): void {
  const kinds = chosenOddities(choice);
  const usable = random.shuffle(threads.filter((thread) => thread.count > 0 && thread.count <= 300));
  if (kinds.length > usable.length) {
    throw new RangeError(
      `${kinds.length} odd records need as many short conversations, not ${usable.length}`,
    );
  }
  // Without paging nobody can read on, so that thread must fit the usual page.
  usable.sort((a, b) => Number(a.count > 20) - Number(b.count > 20));
  const first = [...kinds].sort((a, b) => Number(b === 'missing-paging') - Number(a === 'missing-paging'));
  first.forEach((kind, index) => {
    const thread = usable[index];
    if (thread === undefined) return;
    if (isMessageOddity(kind)) thread.messageOddities.push(kind);
    else thread.conversationOddity = kind;
  });
}

interface SeedConversation {
  readonly page: SimPage;
  readonly index: number;
  readonly thread: Thread;
  readonly updatedAt: number;
  readonly random: Random;
}

function seedConversation({ page, index, thread, updatedAt, random }: SeedConversation): SimConversation {
  const { language, name } = inventContact(random);
  const oddity = thread.conversationOddity;
  // Three more digits carry the id past 2^53.
  const suffix = oddity === 'huge-numeric-id' ? '017' : '';
  return {
    id: page.ids.conversationId(index),
    page,
    index,
    platform: thread.platform,
    folder: 'inbox',
    contactId: `${page.ids.contactId(index)}${suffix}`,
    contactName: oddity === 'contact-without-name' ? null : name,
    messages: seedMessages({ page, index, thread, updatedAt, random }, language),
    updatedAt,
    order: 0,
    unread: random.chance(0.3) ? 1 + random.int(4) : 0,
    nextNumber: thread.count,
    oddity,
  };
}

function seedMessages(seed: SeedConversation, language: Language): SimMessage[] {
  const { page, index, thread, random } = seed;
  const odd = new Map(thread.messageOddities.map((kind) => [random.int(thread.count), kind]));
  const messages: SimMessage[] = [];
  let at = seed.updatedAt - messageGaps(random, thread.count);
  let fromPage = false;
  let previousId: string | null = null;
  for (let number = 0; number < thread.count; number += 1) {
    const id = page.ids.messageId(index, number, random.int(2 ** 32));
    const oddity = odd.get(number) ?? null;
    const extras: SimMessage['extras'] =
      oddity === null && random.chance(0.15) ? inventExtras(random, previousId) : null;
    const plain = extras?.replacesText === true ? null : composeText(random, language, fromPage);
    messages.push({ id, at, number, text: oddText(plain, oddity), fromPage, extras, oddity });
    previousId = id;
    fromPage = random.chance(0.65) ? !fromPage : fromPage;
    at = nextTime(random, at, seed.updatedAt, thread.count - number - 1);
  }
  return messages;
}

// Half an hour between two messages on average: a long thread reaches back for weeks.
const MEAN_GAP = 1_800;

function messageGaps(random: Random, count: number): number {
  return Math.floor((count - 1) * MEAN_GAP * (0.5 + random.next()));
}

/** A time between `at` and `end`, such that `left` messages still fit and the last one is exactly `end`. */
function nextTime(random: Random, at: number, end: number, left: number): number {
  if (left <= 1) return end;
  if (random.chance(0.03)) return at;
  return Math.min(end, at + Math.floor(((end - at) / left) * random.next() * 2));
}

function oddText(text: string | null, oddity: MessageOddity | null): string | null {
  switch (oddity) {
    case 'message-without-text':
      return null;
    case 'text-nul':
      return `before\u0000after ${text ?? ''}`;
    case 'text-lone-surrogate':
      return `high \ud83d, low \ude00, swapped \ude00\ud83d ${text ?? ''}`;
    default:
      return text;
  }
}
