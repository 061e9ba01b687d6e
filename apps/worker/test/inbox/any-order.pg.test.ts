import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConversationRecord } from '@tidemark/core/records';
import fc from 'fast-check';
import { parseConversation } from '../../../../packages/connectors/src/messenger/to-records.ts';
import { writeRecords } from '../../../../packages/db/src/ops/write-records.ts';
import { inconsistentConversations, PAGE_ID, syncedRows } from '../../../../packages/db/test/ops/fixtures.ts';
import { deliveryOf, eventOf } from '../../../../test/support/webhooks/sign.ts';
import { type InboxRig, openInboxRig } from './rig.ts';

let rig: InboxRig;
beforeAll(async () => {
  rig = await openInboxRig();
});
afterAll(() => rig.close());

const START = 1_772_998_000_000;

/** Something that happened at the source, at so many seconds after the start. */
interface Fact {
  contact: string;
  second: number;
  kind: 'message' | 'postback' | 'edit' | 'reaction' | 'read' | 'unsend' | 'quickReply' | 'echo' | 'again';
  /** Which of the contact's messages it is or is about. */
  message: number;
}

const timeOf = (second: number) => START + second * 1_000;
const midOf = (fact: Pick<Fact, 'contact' | 'message'>) => `m_${fact.contact}_${fact.message}`;

function toEvent(fact: Fact): Record<string, unknown> {
  const mid = midOf(fact);
  const text = `text of ${fact.second}`;
  const at = timeOf(fact.second);
  const from = (what: Record<string, unknown>) => eventOf(PAGE_ID, fact.contact, at, what);
  switch (fact.kind) {
    case 'message':
      return from({ message: { mid, text, attachments: [{ type: 'image' }] } });
    case 'quickReply':
      return from({ message: { mid, text, quick_reply: { payload: `payload ${fact.second}` } } });
    // The same message once more, with another time.
    case 'again':
      return { ...from({ message: { mid, text } }), timestamp: at + 1 };
    case 'echo':
      return {
        sender: { id: PAGE_ID },
        recipient: { id: fact.contact },
        timestamp: at,
        message: { mid, text, is_echo: true },
      };
    case 'postback':
      return from({ postback: { mid, title: text, payload: 'P' } });
    case 'edit':
      return from({ message_edit: { mid, text, num_edit: 1 } });
    case 'unsend':
      return from({ message: { mid, is_deleted: true } });
    case 'reaction':
      return from({ reaction: { mid, action: 'react', emoji: '❤' } });
    case 'read':
      return from({ read: { watermark: at } });
  }
}

const IS_MESSAGE: ReadonlySet<Fact['kind']> = new Set(['message', 'postback', 'quickReply', 'echo', 'again']);

/** What the Graph API shows of a contact, so many seconds after the start; null before the first message. */
function snapshot(facts: readonly Fact[], contact: string, second: number): ConversationRecord | null {
  const known = facts.filter((fact) => fact.contact === contact && fact.second < second);
  const messages = new Map<number, { at: number; text: string | null }>();
  for (const fact of known) {
    const held = messages.get(fact.message);
    const text = `text of ${fact.second}`;
    if (IS_MESSAGE.has(fact.kind)) messages.set(fact.message, { at: fact.second, text });
    else if (held !== undefined && fact.kind === 'edit') messages.set(fact.message, { ...held, text });
    else if (fact.kind === 'unsend') messages.delete(fact.message);
  }
  if (messages.size === 0) return null;
  const iso = (at: number) => new Date(timeOf(at)).toISOString().replace('.000Z', '+0000');
  const data = [...messages].map(([message, { at, text }]) => ({
    id: midOf({ contact, message }),
    created_time: iso(at),
    message: text,
    from: { id: contact },
  }));
  const updated = Math.max(...known.map((fact) => fact.second));
  const raw = {
    id: `t_${contact}`,
    updated_time: iso(updated),
    participants: { data: [{ id: contact, name: `Name of ${contact}` }, { id: PAGE_ID }] },
    messages: { data },
  };
  const parsed = parseConversation(raw, { pageId: PAGE_ID, asOf: new Date(timeOf(second)).toISOString() });
  if (!('record' in parsed)) throw new Error(parsed.reason);
  return parsed.record;
}

/** One thing that reaches the engine: a delivery, or a page of a sync. */
interface Arrival {
  order: number;
  /** A repetition says the same in other bytes: the inbox knows it only by what it says. */
  arrive: (isRepeated?: boolean) => Promise<unknown>;
}

interface History {
  facts: Fact[];
  /** Facts that come together in one delivery, by the seconds they happened at. */
  batches: number[][];
  /** When a sync read the Page. */
  readings: number[];
}

const KINDS = [
  'message',
  'postback',
  'edit',
  'reaction',
  'read',
  'unsend',
  'quickReply',
  'echo',
  'again',
] as const;

/** No two facts share a second, so what happened is beyond doubt. Messages of one id are of one kind, as at the source. */
const histories: fc.Arbitrary<History> = fc
  .record({
    drawn: fc.array(
      fc.record({
        contact: fc.constantFrom('11', '12'),
        kind: fc.constantFrom(...KINDS),
        message: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 2, maxLength: 9 },
    ),
    batches: fc.array(fc.array(fc.nat({ max: 8 }), { minLength: 2, maxLength: 3 }), { maxLength: 2 }),
    readings: fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 2 }),
  })
  .map(({ drawn, batches, readings }) => ({ facts: consistent(drawn), batches, readings }));

/** The first message of an id stays the only one; what would be another is the same one, told again a moment later. */
function consistent(drawn: readonly Omit<Fact, 'second'>[]): Fact[] {
  const first = new Map<string, Fact>();
  return drawn.flatMap((fact, second): Fact[] => {
    const told = { ...fact, second };
    if (!IS_MESSAGE.has(fact.kind)) return [told];
    const held = first.get(midOf(fact));
    if (held === undefined && fact.kind !== 'again') {
      first.set(midOf(fact), told);
      return [told];
    }
    return held === undefined || held.kind === 'postback' ? [] : [{ ...held, kind: 'again' }];
  });
}

/** All arrivals in the order in which they happened. */
function arrivalsOf({ facts, batches, readings }: History): Arrival[] {
  const alone = facts.map((fact) => ({ order: fact.second, facts: [fact] }));
  const together = batches.map((members) => {
    const batch = facts.filter((fact) => members.includes(fact.second));
    return { order: Math.max(0, ...batch.map((fact) => fact.second)) + 0.1, facts: batch };
  });
  const deliveries = [...alone, ...together].map(({ order, facts: told }, index) => ({
    order,
    arrive: (isRepeated = false) =>
      rig.deliver(deliveryOf(PAGE_ID, told.map(toEvent), START + index + (isRepeated ? 500 : 0))),
  }));
  const pages = readings.flatMap((second) =>
    ['11', '12'].map((contact) => ({
      order: second - 0.5,
      arrive: () => write(snapshot(facts, contact, second)),
    })),
  );
  return [...deliveries, ...pages].sort((a, b) => a.order - b.order);
}

async function write(row: ConversationRecord | null): Promise<void> {
  if (row === null) return;
  const records = [{ kind: 'conversations' as const, rows: [row] }];
  await rig.db.sql.begin((tx) => writeRecords(tx, rig.connectionId, records));
}

async function inOrder(history: History): Promise<readonly unknown[]> {
  await rig.clear();
  for (const { arrive } of arrivalsOf(history)) await arrive();
  return syncedRows(rig.db);
}

const orders = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 20, maxLength: 20 });
const repeats = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });

/** In another order, some of them twice. */
function shuffled(history: History, order: readonly number[], again: readonly boolean[]): Arrival[] {
  return arrivalsOf(history)
    .flatMap((arrival, index) => {
      const once = { ...arrival, order: order[index % order.length] ?? 0 };
      const repeated = { order: order[(index + 7) % order.length] ?? 0, arrive: () => arrival.arrive(true) };
      return again[index % again.length] === true ? [once, repeated] : [once];
    })
    .sort((a, b) => a.order - b.order);
}

/** Enough for the law to be tried from many sides, and little enough for every run of the suite. */
const RUNS = { numRuns: 20 };

describe('deliveries of a contact, with pages of syncs between them', () => {
  test('I9 end in any order and any number of repetitions as one each in order', async () => {
    await fc.assert(
      fc.asyncProperty(histories, orders, repeats, async (history, order, again) => {
        const expected = await inOrder(history);
        await rig.clear();
        for (const { arrive } of shuffled(history, order, again)) await arrive();
        expect(await syncedRows(rig.db)).toEqual(expected);
        expect(await inconsistentConversations(rig.db)).toEqual([]);
      }),
      RUNS,
    );
  });

  test('I9 and at the same time too, without a deadlock', async () => {
    await fc.assert(
      fc.asyncProperty(histories, orders, repeats, async (history, order, again) => {
        const expected = await inOrder(history);
        await rig.clear();
        await Promise.all(shuffled(history, order, again).map(({ arrive }) => arrive()));
        expect(await syncedRows(rig.db)).toEqual(expected);
        expect(await inconsistentConversations(rig.db)).toEqual([]);
      }),
      RUNS,
    );
  });
});
