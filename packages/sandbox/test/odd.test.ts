import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type GraphSimulator, ODD_KINDS, type OddKind, startGraphSimulator } from '../src/index.ts';
import type { Expected, OddRecord } from '../src/index.ts';
import { get, type Json, PAGE, type Reply, rows, TOKEN } from './reader.ts';

let sim: GraphSimulator;
let expected: Expected;
let reply: Reply;

beforeAll(async () => {
  const page = { pageId: PAGE, accessToken: TOKEN, conversations: 60, messages: 600, odd: true };
  sim = await startGraphSimulator({ pages: [page] });
  expected = sim.ledger.expected(PAGE);
  const fields = 'id,participants,messages.limit(300){id,created_time,from,to,message}';
  reply = await get(sim, `/v26.0/${PAGE}/conversations?limit=100&fields=${fields}`);
});

afterAll(() => sim.close());

function odd(kind: OddKind): OddRecord {
  const [record] = expected.odd.filter((item) => item.kind === kind);
  if (record === undefined) throw new Error(`no ${kind}`);
  return record;
}

function row(kind: OddKind): Json {
  const found = rows(reply).find((item) => item.id === odd(kind).graphId);
  if (found === undefined) throw new Error(`no row of ${kind}`);
  return found;
}

function message(kind: OddKind): Json {
  const found = row(kind).messages?.data?.find((item) => item.id === odd(kind).messageId);
  if (found === undefined) throw new Error(`no message of ${kind}`);
  return found;
}

/** The JSON text of one conversation, for what parsing would round. */
function source(kind: OddKind): string {
  const start = reply.text.indexOf(`{"id":"${odd(kind).graphId}"`);
  return reply.text.slice(start, reply.text.indexOf('"messages"', start));
}

const people = (kind: OddKind): unknown[] => row(kind).participants?.data ?? [];
const pageCard = { name: `Page ${PAGE}`, email: `${PAGE}@facebook.com`, id: PAGE };

test('each kind appears once, and the ledger says what becomes of it', () => {
  expect(expected.odd).toHaveLength(ODD_KINDS.length);
  expect(new Set(expected.odd.map((item) => item.kind))).toEqual(new Set(ODD_KINDS));
  const gone = new Set(
    expected.odd
      .filter((item) => item.level === 'conversation' && item.outcome === 'quarantined')
      .map((item) => item.graphId),
  );
  expect(expected.totals).toMatchObject({
    conversations: 60 - gone.size,
    quarantinedConversations: gone.size,
    quarantinedMessages: 1,
    sourceConversations: 60,
    sourceMessages: 600,
  });
  expect(expected.conversations.filter((item) => gone.has(item.graphId))).toEqual([]);
  expect(expected.totals.messages).toBe(expected.conversations.flatMap((item) => item.messages).length);
});

test('participants that name no contact: without id, null, page only, deleted, missing', () => {
  expect(people('participant-without-id')).toEqual([{ name: expect.any(String) }, pageCard]);
  expect(people('null-participant-only')).toEqual([null, pageCard]);
  expect(people('page-only')).toEqual([pageCard]);
  expect(people('deleted-account')).toEqual([{ name: 'Facebook User', email: '@facebook.com' }, pageCard]);
  expect(people('deleted-account-empty-id')[0]).toMatchObject({ name: 'Facebook User', id: '' });
  expect(row('no-participants').participants).toBeUndefined();
});

test('their messages do not tell the contact either', () => {
  for (const record of expected.odd) {
    if (record.level === 'message' || record.outcome === 'stored') continue;
    const ids = (row(record.kind).messages?.data ?? []).map((item) => item.from?.id ?? '');
    expect(ids.filter((id) => id !== '' && id !== PAGE)).toEqual([]);
  }
});

test('participants that can be read all the same', () => {
  expect(people('null-participant')).toEqual([
    null,
    expect.objectContaining({ id: expect.any(String) }),
    pageCard,
  ]);
  const [first, second] = people('duplicate-participant');
  expect(first).toEqual(second);
  expect(row('participants-array').participants).toHaveLength(2);
  expect(people('contact-without-name')[0]).toEqual({ email: expect.any(String), id: expect.any(String) });
});

test('ids as numbers keep every digit in the JSON text', () => {
  const of = (kind: OddKind): string =>
    expected.conversations.find((item) => item.graphId === odd(kind).graphId)?.contactId ?? '';
  expect(source('numeric-id')).toContain(`"id":${of('numeric-id')}}`);
  expect(source('numeric-id')).toContain(`"id":${PAGE}}`);
  expect(source('huge-numeric-id')).toContain(`"id":${of('huge-numeric-id')}}`);
  expect(BigInt(of('huge-numeric-id'))).toBeGreaterThan(2n ** 53n);
});

test('missing paging, and only there', () => {
  expect(row('missing-paging').messages?.paging).toBeUndefined();
  expect(row('null-participant').messages?.paging).toBeDefined();
});

test('messages with keys missing', () => {
  expect(message('message-without-text')).not.toHaveProperty('message');
  expect(message('message-without-from')).not.toHaveProperty('from');
  expect(message('message-without-from')).not.toHaveProperty('to');
  expect(message('message-without-created-time')).not.toHaveProperty('created_time');
});

test('texts that PostgreSQL cannot store arrive whole', () => {
  const text = (kind: OddKind): string | null | undefined =>
    expected.conversations.flatMap((item) => item.messages).find((item) => item.id === odd(kind).messageId)
      ?.text;
  expect(message('text-nul').message).toContain('\u0000');
  expect(message('text-nul').message).toBe(text('text-nul'));
  expect(message('text-lone-surrogate').message?.isWellFormed()).toBe(false);
  expect(message('text-lone-surrogate').message).toBe(text('text-lone-surrogate'));
  expect(reply.text).toContain('\\ud83d');
});

test('kinds can be chosen one by one, and more than there is room for is refused', async () => {
  const few = { pageId: '2', conversations: 3, messages: 9, odd: ['page-only', 'page-only'] as const };
  sim.addPage(few);
  expect(sim.ledger.expected('2').odd.map((item) => item.kind)).toEqual(['page-only', 'page-only']);
  expect(() => sim.addPage({ ...few, pageId: '3', odd: true })).toThrow('short conversations');
});
