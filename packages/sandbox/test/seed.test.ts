import { expect, test } from '@jest/globals';
import { allocateMessages, LONG_THREAD } from '../src/data/allocate.ts';
import { createRandom } from '../src/data/random.ts';
import { GraphSource } from '../src/data/source.ts';
import type { PageSpec, SimConversation } from '../src/index.ts';
import { PAGE } from './reader.ts';

const NEWEST = Date.parse('2026-06-30T12:00:00Z') / 1000;

function source(seed: string, ...pages: PageSpec[]): GraphSource {
  const made = new GraphSource({ seed, times: { newest: NEWEST, spreadDays: 240 }, now: () => 0 });
  for (const page of pages) made.addPage(page);
  return made;
}

test('totals are exact, with exactly the long threads asked for', () => {
  const page = source('1', { pageId: PAGE, conversations: 1_000, messages: 20_000, longThreads: 7 }).page(
    PAGE,
  );
  const counts = page.conversations.map((item) => item.messages.length);
  expect(counts).toHaveLength(1_000);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20_000);
  expect(counts.filter((count) => count > LONG_THREAD)).toHaveLength(7);
});

test.each([
  [1, 1, undefined],
  [5, 3, undefined],
  [10, 2_000, 1],
  [3, 903, 3],
  [400, 120_000, 0],
  [1, 5_000, 1],
  [0, 0, 0],
])('%i conversations and %i messages with %s long threads add up', (conversations, messages, longThreads) => {
  const counts = allocateMessages(createRandom('x'), { conversations, messages, longThreads });
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(messages);
  if (longThreads !== undefined) {
    expect(counts.filter((count) => count > LONG_THREAD)).toHaveLength(longThreads);
  }
});

test('figures that contradict each other are refused', () => {
  const random = createRandom('x');
  expect(() => allocateMessages(random, { conversations: 2, messages: 601, longThreads: 0 })).toThrow(
    'do not fit',
  );
  expect(() => allocateMessages(random, { conversations: 2, messages: 600, longThreads: 2 })).toThrow(
    'too few',
  );
  expect(() => allocateMessages(random, { conversations: 1, messages: 900, longThreads: 2 })).toThrow(
    'more long',
  );
});

test('a range gives each conversation its own number', () => {
  const counts = allocateMessages(createRandom('x'), { conversations: 200, messages: { min: 3, max: 9 } });
  expect(Math.min(...counts)).toBe(3);
  expect(Math.max(...counts)).toBe(9);
});

test('the same seed gives the same data, another seed other data', () => {
  const spec = { pageId: PAGE, conversations: 30, messages: 300, odd: true };
  const data = (seed: string): string =>
    JSON.stringify(source(seed, spec).page(PAGE).conversations.map(shown));
  expect(data('a')).toBe(data('a'));
  expect(data('a')).not.toBe(data('b'));
});

function shown(item: SimConversation): unknown {
  return [item.id, item.messages];
}

test('ids are unique across pages, and every message is found by its id', () => {
  const made = source(
    '1',
    { pageId: PAGE, conversations: 200, messages: 3_000 },
    { pageId: '100000000000002', conversations: 200, messages: 3_000 },
  );
  const conversations = [...made.pages.values()].flatMap((page) => page.conversations);
  const messages = conversations.flatMap((item) => item.messages);
  expect(new Set(conversations.map((item) => item.id)).size).toBe(400);
  expect(new Set(conversations.map((item) => item.contactId)).size).toBe(400);
  expect(new Set(messages.map((item) => item.id)).size).toBe(6_000);
  for (const message of messages) expect(made.message(message.id)?.message).toBe(message);
  expect(made.message('m_nothing')).toBeNull();
});

test('threads are ordered by their newest message and spread over months', () => {
  const page = source('1', { pageId: PAGE, conversations: 500, messages: 5_000 }).page(PAGE);
  const times = page.conversations.map((item) => item.updatedAt);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.at(-1)).toBe(NEWEST);
  expect((NEWEST - (times[0] ?? 0)) / 86_400).toBeGreaterThan(200);
  for (const item of page.conversations) {
    const own = item.messages.map((message) => message.at);
    expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(own.at(-1)).toBe(item.updatedAt);
  }
});

test('texts come in many scripts, with attachments and the like among them', () => {
  const page = source('1', { pageId: PAGE, conversations: 300, messages: 6_000 }).page(PAGE);
  const messages = page.conversations.flatMap((item) => item.messages);
  const texts = messages.map((message) => message.text ?? '').join('');
  for (const script of ['Latin', 'Cyrillic', 'Arabic', 'Han', 'Thai', 'Hebrew', 'Devanagari', 'Hangul']) {
    expect(texts).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  }
  expect(texts).toMatch(/\p{Extended_Pictographic}/u);
  const extras = messages.flatMap((message) => (message.extras === null ? [] : Object.keys(message.extras)));
  expect(new Set(extras)).toEqual(
    new Set(['attachments', 'sticker', 'shares', 'replyTo', 'reactions', 'tags', 'replacesText']),
  );
});

test('a page is not added twice, and goes away with its records', () => {
  const made = source('1', { pageId: PAGE, conversations: 2 });
  expect(() => made.addPage({ pageId: PAGE, conversations: 1 })).toThrow('exists');
  const [first] = made.page(PAGE).conversations;
  made.removePage(PAGE);
  expect(made.conversation(first?.id ?? '')).toBeNull();
  expect(made.message(first?.messages[0]?.id ?? '')).toBeNull();
  expect(() => made.page(PAGE)).toThrow('no page');
});
