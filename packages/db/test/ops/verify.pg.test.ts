import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, listResults } from '@tidemark/db';
import type postgres from 'postgres';
import { namedDatabase, waitsFor } from './blocking.ts';
import {
  conversation,
  type Fixture,
  inconsistentConversations,
  message,
  openFixture,
  PAGE_ID,
  syncedRows,
} from './fixtures.ts';
import { beginWalk, type SourcePage, untouchables, walk, walkPages } from './walks.ts';

let fixture: Fixture;
let db: Database;
let connectionId: string;
beforeAll(async () => {
  fixture = await openFixture();
  ({ db, connectionId } = fixture);
});
afterAll(() => fixture.close());

const VERIFY = { dryRun: true, purpose: 'verify' as const };
const REPAIR = { dryRun: false, purpose: 'verify' as const };
const day = (n: number) => new Date(Date.UTC(2024, 0, n)).toISOString();

/** The source as each of its readers sees it, at that moment. */
function source(asOf: string): SourcePage[] {
  const contact = (name: string, count: number) =>
    conversation(name, {
      asOf,
      events: Array.from({ length: count }, (_, index) => {
        return message(`${name}${index}`, { asOf, at: day(index + 1) });
      }),
    });
  return [{ rows: [contact('a', 3), contact('b', 3)] }, { rows: [contact('c', 2)] }];
}

beforeEach(async () => {
  await db.sql`TRUNCATE messenger_conversations, syncs, sync_state, quarantine, sync_conflicts, sync_locks CASCADE`;
  await walk(db, connectionId, source(day(10)));
});

const byName = (a: string, b: string) => a.localeCompare(b);

/** The number of findings, and the keys of the records, by stream. */
async function findingsOf(syncId: string) {
  const results = await listResults(db, syncId, { withContents: true });
  const short = (finding: { count: number; records: { key: Record<string, string> }[] }) => ({
    count: finding.count,
    keys: finding.records.map(({ key }) => Object.values(key).at(-1) ?? '').sort(byName),
  });
  return Object.fromEntries(
    results.map(({ stream, findings }) => {
      if (findings === null) throw new Error(`the results of ${stream} have no findings`);
      const { missing, differing, extra } = findings;
      const shown = { missing: short(missing), differing: short(differing) };
      return [stream, { ...shown, extra: extra === null ? null : short(extra) }];
    }),
  );
}

const NONE = { count: 0, keys: [] };
const found = (...keys: string[]) => ({ count: keys.length, keys });

async function damage(): Promise<void> {
  await db.sql`DELETE FROM messenger_conversations WHERE sender_id = 'c'`;
  await db.sql`DELETE FROM contact_interaction_events WHERE message_id = 'a2'`;
  await db.sql`UPDATE contact_interaction_events SET text = 'changed past the engine' WHERE message_id = 'b1'`;
  await db.sql`UPDATE messenger_conversations SET sender_name = 'Nobody' WHERE sender_id = 'b'`;
}

/** Rows the source does not have, as old as the others. */
async function addExtra(): Promise<void> {
  const rows = [
    conversation('gone', { events: [message('gone0')] }),
    conversation('a', { asOf: day(1), events: [message('stray')] }),
  ];
  await walk(db, connectionId, [{ rows }]);
}

describe('a verification', () => {
  test('E26 finds nothing where all is well, and touches nothing', async () => {
    const before = await untouchables(db.sql);
    const findings = await findingsOf(await walk(db, connectionId, source(day(20)), VERIFY));
    const none = { missing: NONE, differing: NONE, extra: NONE };
    expect(findings).toEqual({ conversations: none, messages: none });
    expect(await untouchables(db.sql)).toEqual(before);
  });

  test('E26 tells by stream what is missing, what differs and what is extra, and touches nothing', async () => {
    await damage();
    await addExtra();
    const before = await untouchables(db.sql);
    expect(await findingsOf(await walk(db, connectionId, source(day(20)), VERIFY))).toEqual({
      conversations: { missing: found('c'), differing: found('b'), extra: found('gone') },
      messages: {
        missing: found('a2', 'c0', 'c1'),
        differing: found('b1'),
        extra: found('gone0', 'stray'),
      },
    });
    expect(await untouchables(db.sql)).toEqual(before);
  });

  test('E26 repairs what is missing or differs, and the figures derived from it; the next one finds nothing', async () => {
    const whole = await syncedRows(db);
    await damage();
    const repair = await findingsOf(await walk(db, connectionId, source(day(20)), REPAIR));
    expect(repair).toMatchObject({
      conversations: { missing: found('c'), differing: found('b') },
      messages: { missing: found('a2', 'c0', 'c1'), differing: found('b1') },
    });
    expect(await syncedRows(db)).toEqual(whole);
    expect(await inconsistentConversations(db)).toEqual([]);
    const none = { missing: NONE, differing: NONE, extra: NONE };
    const after = await findingsOf(await walk(db, connectionId, source(day(21)), VERIFY));
    expect(after).toEqual({ conversations: none, messages: none });
  });

  test('E26 a record that a webhook brought or changed while it walked is no finding', async () => {
    const [first, second] = source(day(20));
    if (first === undefined || second === undefined) throw new Error('the source has two pages');
    const syncId = await beginWalk(db, connectionId, VERIFY);
    await walkPages(db, { syncId, connectionId }, [first], { wish: VERIFY, isWhole: false });
    // As webhooks write: newer than the page that is read next, and of contacts the walk has passed or never sees.
    const newer = [
      conversation('c', {
        asOf: day(25),
        senderName: 'Renamed',
        events: [message('c0', { text: 'edited', asOf: day(25) })],
      }),
      conversation('a', { asOf: day(25), senderName: 'Also', events: [message('a-new', { asOf: day(25) })] }),
      conversation('new', { asOf: day(25), events: [message('new0', { asOf: day(25) })] }),
    ];
    const input = newer.map(({ senderId, senderName, asOf, contentHash, events }) => ({
      ...{ sender_id: senderId, sender_name: senderName, as_of: asOf, content_hash: contentHash },
      events: events.map((event) => ({
        ...{ event_type: event.type, event_timestamp: event.at, message_id: event.messageId },
        ...{
          direction: event.direction,
          text: event.text,
          as_of: event.asOf,
          content_hash: event.contentHash,
        },
      })),
    }));
    await db.sql`
      SELECT 1 FROM bulk_upsert_conversations_with_events(
        ${connectionId}, ${PAGE_ID}, ${JSON.stringify(input)}::text::jsonb)`;
    await walkPages(db, { syncId, connectionId }, [second], { wish: VERIFY, from: 1 });
    const none = { missing: NONE, differing: NONE, extra: NONE };
    expect(await findingsOf(syncId)).toEqual({ conversations: none, messages: none });
  });

  test('E26 what is in quarantine is at the source; what cannot be told apart leaves the question open', async () => {
    await addExtra();
    const invalid = { reason: 'does not fit', path: '/x', raw: {} };
    const [first, second] = source(day(20));
    const pages = [first, second].map((page) => ({ rows: page?.rows ?? [] }));
    const named = [
      { ...invalid, stream: 'conversations', externalId: 't_gone' },
      { ...invalid, stream: 'messages', externalId: 'stray', parentId: 'a' },
    ];
    const excused = await walk(db, connectionId, [...pages, { rows: [], invalid: named }], VERIFY);
    expect(await findingsOf(excused)).toMatchObject({
      conversations: { extra: NONE },
      messages: { extra: NONE },
    });
    const nameless = [{ ...invalid, stream: 'messages', externalId: null }];
    const open = await walk(db, connectionId, [...pages, { rows: [], invalid: nameless }], VERIFY);
    expect(await findingsOf(open)).toMatchObject({
      conversations: { extra: found('gone') },
      messages: { extra: null },
    });
  });

  test('E26 a walk that had to leave a page out says nothing about what is extra', async () => {
    await addExtra();
    const syncId = await beginWalk(db, connectionId, VERIFY);
    await db.sql`UPDATE syncs SET failed_pages = 1, partial = true WHERE id = ${syncId}`;
    await walkPages(db, { syncId, connectionId }, source(day(20)), { wish: VERIFY });
    expect(await findingsOf(syncId)).toMatchObject({
      conversations: { extra: null },
      messages: { extra: null },
    });
  });

  test('E26 waits for whoever has just inserted one of its conversations, and does not deadlock with them', async () => {
    const [first] = source(day(20));
    const syncId = await beginWalk(db, connectionId, REPAIR);
    const rows = [conversation('b', { asOf: day(20) }), conversation('0-new', { asOf: day(20) })];
    const write = (tx: postgres.TransactionSql, senderId: string) => tx`
      SELECT 1 FROM upsert_conversation_with_events(
        ${connectionId}, ${PAGE_ID}, ${JSON.stringify({ sender_id: senderId, sender_name: 'Other' })}::text::jsonb)`;
    const verifier = namedDatabase(fixture, 'verifier');
    const sync = { syncId, connectionId };
    const walked = await db.sql.begin(async (other) => {
      await other`SET LOCAL application_name = 'inserter'`;
      await write(other, '0-new');
      const walking = walkPages(verifier, sync, [{ rows }], { wish: REPAIR, isWhole: false });
      await waitsFor(db, 'verifier', 'inserter');
      await write(other, 'b');
      return { walking };
    });
    await walked.walking;
    await verifier.close();
    await walkPages(db, { syncId, connectionId }, [first ?? { rows: [] }], { wish: REPAIR, from: 1 });
    expect(await inconsistentConversations(db)).toEqual([]);
  });
});
