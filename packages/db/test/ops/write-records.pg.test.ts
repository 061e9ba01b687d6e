import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConversationRecord } from '@tidemark/core/records';
import { NO_RECORDS } from '@tidemark/core/sync';
import type { Database } from '@tidemark/db';
import fc from 'fast-check';
import { writeRecords } from '../../src/ops/write-records.ts';
import {
  conversation,
  type Fixture,
  inconsistentConversations,
  message,
  openFixture,
  PAGE_ID,
  syncedRows,
} from './fixtures.ts';
import { SEEDED } from '../../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

let fixture: Fixture;
let db: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

async function write(rows: ConversationRecord[]) {
  return db.sql.begin(async (tx) => {
    const { counts } = await writeRecords(tx, fixture.connectionId, [{ kind: 'conversations', rows }]);
    return counts;
  });
}

async function clear(): Promise<void> {
  await db.sql`TRUNCATE messenger_conversations CASCADE`;
}

const day = (n: number) => new Date(Date.UTC(2024, 0, n)).toISOString();

describe('resolution', () => {
  test('insert new, update changed, skip unchanged, leave what is newer alone', async () => {
    await clear();
    const first = conversation('a', { asOf: day(10), events: [message('1', { asOf: day(10) })] });
    expect((await write([first])).get('messages')).toEqual({ ...NO_RECORDS, read: 1, inserted: 1 });
    expect((await write([first])).get('messages')).toEqual({ ...NO_RECORDS, read: 1, skipped: 1 });

    const edited = { ...first, senderName: 'New', contentHash: 'f'.repeat(32), asOf: day(11) };
    const edit = message('1', { text: 'edited', asOf: day(11) });
    const counts = await write([{ ...edited, events: [edit] }]);
    expect(counts.get('conversations')).toEqual({ ...NO_RECORDS, read: 1, updated: 1 });
    expect(counts.get('messages')).toEqual({ ...NO_RECORDS, read: 1, updated: 1 });

    const late = await write([first]);
    expect(late.get('conversations')).toEqual({ ...NO_RECORDS, read: 1, stale: 1 });
    expect(late.get('messages')).toEqual({ ...NO_RECORDS, read: 1, stale: 1 });
    const [row] =
      await db.sql`SELECT sender_name, last_message, message_count, version FROM messenger_conversations`;
    expect(row).toEqual({ sender_name: 'New', last_message: 'edited', message_count: 1, version: 2 });
  });

  test('the last message is the newest by its own time, not the last one that was written', async () => {
    await clear();
    await write([
      conversation('a', { events: [message('2', { at: day(2) }), message('3', { at: day(3) })] }),
    ]);
    await write([conversation('a', { events: [message('1', { at: day(1) })] })]);
    const [row] = await db.sql`SELECT last_message, message_count, version FROM messenger_conversations`;
    expect(row).toEqual({ last_message: 'text of 3', message_count: 3, version: 2 });
  });

  test('a further page of messages names its contact and changes nothing else of the conversation', async () => {
    await clear();
    await write([conversation('a')]);
    const further = conversation('a', {
      graphId: null,
      senderName: null,
      updatedAt: null,
      contentHash: null,
      events: [message('1')],
    });
    const counts = await write([further]);
    expect(counts.get('conversations')).toEqual(NO_RECORDS);
    expect(
      (await db.sql`SELECT graph_id, sender_name, message_count FROM messenger_conversations`)[0],
    ).toEqual({
      graph_id: 't_a',
      sender_name: 'Name of a',
      message_count: 1,
    });
  });

  test('a message without details is kept, and its details replace it whenever they come', async () => {
    await clear();
    const bare = message('1', {
      text: null,
      direction: null,
      metadata: { unavailable: true },
      asOf: new Date(0).toISOString(),
    });
    await write([conversation('a', { events: [bare] })]);
    await write([conversation('a', { events: [message('1', { asOf: day(1) })] })]);
    await write([conversation('a', { events: [bare] })]);
    expect((await db.sql`SELECT text, direction FROM contact_interaction_events`)[0]).toEqual({
      text: 'text of 1',
      direction: 'in',
    });
  });

  test('the same contact and the same message twice in one page are one row each', async () => {
    await clear();
    const older = message('1', { text: 'old', asOf: day(1) });
    const newer = message('1', { text: 'new', asOf: day(2) });
    const counts = await write([
      conversation('a', { events: [newer, older] }),
      conversation('a', { events: [older] }),
    ]);
    expect(counts.get('messages')).toEqual({ ...NO_RECORDS, read: 3, inserted: 1, skipped: 2 });
    expect(counts.get('conversations')).toEqual({ ...NO_RECORDS, read: 2, inserted: 1, skipped: 1 });
    expect((await db.sql`SELECT text FROM contact_interaction_events`)[0]).toEqual({ text: 'new' });
  });

  test('events without a message id are one row by moment and type', async () => {
    await clear();
    const read = message('x', { type: 'read', messageId: null, text: null, at: day(5) });
    await write([conversation('a', { events: [read, read] })]);
    await write([conversation('a', { events: [read, { ...read, type: 'delivery' }] })]);
    expect(await db.sql`SELECT 1 FROM contact_interaction_events`).toHaveLength(2);
    expect((await db.sql`SELECT message_count FROM messenger_conversations`)[0]).toEqual({
      message_count: 0,
    });
  });

  test('text that PostgreSQL cannot hold is stored, and its original kept beside it', async () => {
    await clear();
    await write([
      conversation('a', {
        senderName: 'N\u0000',
        events: [message('1', { text: 'a\u0000\ud800', metadata: { k: '\u0000' } })],
      }),
    ]);
    const [row] = await db.sql<{ text: string; metadata: Record<string, string> }[]>`
      SELECT text, metadata FROM contact_interaction_events`;
    expect(row?.text).toBe('a\uFFFD\uFFFD');
    expect(JSON.parse(Buffer.from(row?.metadata.textOriginal ?? '', 'base64').toString())).toBe(
      'a\u0000\ud800',
    );
  });

  test('a conversation that was marked as deleted comes back to life when it is seen', async () => {
    await clear();
    await write([conversation('a')]);
    await db.sql`UPDATE messenger_conversations SET deleted_at = now()`;
    await write([conversation('a')]);
    expect((await db.sql`SELECT deleted_at FROM messenger_conversations`)[0]).toEqual({ deleted_at: null });
  });
});

/** Versions of a few records; content never returns to a former one, and no two versions share a moment. */
const versions = fc
  .uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 6 })),
    {
      minLength: 1,
      maxLength: 14,
      selector: (version) => version.join(),
    },
  )
  .map((list) =>
    list.map(([contact, id, moment]) =>
      conversation(`c${contact}`, {
        asOf: day(moment),
        senderName: `name ${moment}`,
        events: [
          message(`m${contact}-${id}`, { at: day(id + 1), asOf: day(moment), text: `text ${moment}` }),
        ],
      }),
    ),
  );

/** Splits a list into pages in a given order, with some pages repeated. */
function toPages(records: ConversationRecord[], order: number[], repeats: boolean[]): ConversationRecord[][] {
  const sorted = records
    .map((record, index) => ({ record, rank: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank);
  const pages: ConversationRecord[][] = [];
  for (let start = 0; start < sorted.length; start += 3) {
    const page = sorted.slice(start, start + 3).map(({ record }) => record);
    pages.push(page);
    if (repeats[start % repeats.length] === true) pages.push(page);
  }
  return pages;
}

const orders = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 14, maxLength: 14 });
const repeats = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });

describe('any order of arrival', () => {
  test('I9 any interleaving of pages, repeated pages and stale pages ends in the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(versions, orders, orders, repeats, async (records, one, other, again) => {
        await clear();
        for (const page of toPages(records, one, again)) await write(page);
        const first = await syncedRows(db);
        expect(await inconsistentConversations(db)).toEqual([]);
        await clear();
        for (const page of toPages(records, other, [...again].reverse())) await write(page);
        expect(await syncedRows(db)).toEqual(first);
      }),
      { numRuns: 30 },
    );
  });

  test('I9 also when the pages are written at the same time, without a deadlock', async () => {
    await fc.assert(
      fc.asyncProperty(versions, orders, repeats, async (records, order, again) => {
        await clear();
        for (const record of records) await write([record]);
        const expected = await syncedRows(db);
        await clear();
        await Promise.all(toPages(records, order, again).map((page) => write(page)));
        expect(await syncedRows(db)).toEqual(expected);
        expect(await inconsistentConversations(db)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the functions for SQL users', () => {
  test('say the id, the version, whether it was new, and how many events were written', async () => {
    await clear();
    const call = (payload: unknown) => db.sql`
      SELECT * FROM upsert_conversation_with_events(${fixture.connectionId}, ${PAGE_ID}, ${JSON.stringify(payload)}::text::jsonb)`;
    const event = {
      event_type: 'message',
      event_timestamp: day(1),
      message_id: 'm',
      direction: 'in',
      text: 'hello',
    };
    const [first] = await call({ sender_id: 'x', sender_name: 'X', events: [event] });
    expect(first).toMatchObject({ version: 1, is_new: true, events_written: 1 });
    const [again] = await call({ sender_id: 'x', sender_name: 'X', events: [event] });
    expect(again).toEqual({ ...first, is_new: false, events_written: 0 });
    const [more] = await call({ sender_id: 'x', events: [{ ...event, message_id: 'n' }] });
    expect(more).toEqual({ ...first, version: 2, is_new: false, events_written: 1 });
  });

  test('of many that write a new conversation at once, one is told that it was new', async () => {
    await clear();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const payload = {
          sender_id: 'y',
          events: [
            { event_type: 'message', event_timestamp: day(1), message_id: `m${index}`, direction: 'in' },
          ],
        };
        return db.sql<{ is_new: boolean; version: number }[]>`
          SELECT is_new, version FROM upsert_conversation_with_events(${fixture.connectionId}, ${PAGE_ID}, ${JSON.stringify(payload)}::text::jsonb)`;
      }),
    );
    const rows = results.flatMap((result) => [...result]);
    expect(rows.filter((row) => row.is_new)).toHaveLength(1);
    expect(rows.map((row) => row.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect(await inconsistentConversations(db)).toEqual([]);
  });
});
