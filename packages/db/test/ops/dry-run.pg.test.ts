import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConversationRecord, EventRecord } from '@tidemark/core/records';
import { type Database, listResults, readStatistics, retrySync } from '@tidemark/db';
import fc from 'fast-check';
import type postgres from 'postgres';
import { writePageRecords } from '../../src/ops/walk/write-page-records.ts';
import { writeRecords } from '../../src/ops/write-records.ts';
import { conversation, type Fixture, message, openFixture, PAGE_ID } from './fixtures.ts';
import { requester } from './live-page.ts';
import { beginWalk, countsOf, type SourcePage, untouchables, walk, walkPages } from './walks.ts';

let fixture: Fixture;
let db: Database;
let connectionId: string;
beforeAll(async () => {
  fixture = await openFixture();
  ({ db, connectionId } = fixture);
});
afterAll(() => fixture.close());
beforeEach(clear);

async function clear(): Promise<void> {
  await db.sql`TRUNCATE messenger_conversations, syncs, sync_state, quarantine, sync_conflicts, sync_locks CASCADE`;
}

const day = (n: number) => new Date(Date.UTC(2024, 0, n)).toISOString();
const DRY = { dryRun: true };

/** A further page of messages of a contact. */
function further(senderId: string, events: EventRecord[], asOf = day(1)): ConversationRecord {
  const unsaid = { graphId: null, senderName: null, updatedAt: null, contentHash: null };
  return conversation(senderId, { ...unsaid, asOf, events });
}

const notReadable = {
  stream: 'messages',
  externalId: 'bad',
  reason: 'does not fit',
  path: '/created_time',
  raw: { secret: 'kept out of samples' },
  parentId: 'a',
};

describe('a dry run', () => {
  test('E13 counts a record that comes again on a later page as the sync would, and not as new again', async () => {
    const pages: SourcePage[] = [
      { rows: [conversation('a', { asOf: day(5), events: [message('1', { asOf: day(5) })] })] },
      { rows: [further('a', [message('2', { asOf: day(5) }), message('1', { asOf: day(5) })])] },
      { rows: [further('b', [message('3', { asOf: day(5) })])] },
      {
        rows: [
          conversation('b', { asOf: day(6) }),
          conversation('a', { asOf: day(4), senderName: 'Older', events: [] }),
        ],
        invalid: [notReadable],
      },
    ];
    const dry = await countsOf(db, await walk(db, connectionId, pages, DRY));
    expect(dry).toMatchObject({ sum: { records_inserted: 4, records_skipped: 1, records_stale: 1 } });
    expect(await countsOf(db, await walk(db, connectionId, pages))).toEqual(dry);
  });

  test('E13 I13 writes nothing but its own record', async () => {
    const edit = { senderName: { value: 'Mine', baseValue: 'Name of a', sourceValue: 'Name of a' } };
    await walk(db, connectionId, [
      { rows: [conversation('a', { events: [message('1')] })], invalid: [notReadable] },
    ]);
    await db.sql`
      UPDATE messenger_conversations SET local_edits = ${JSON.stringify({
        senderName: { ...edit.senderName, baseAsOf: day(1), baseHash: '', baseVersion: 1 },
      })}::text::jsonb, sender_name = 'Mine'`;
    const before = await untouchables(db.sql);
    const [outbox] = await db.sql`SELECT count(*) FROM outbox WHERE kind <> 'job'`;

    const other = { ...notReadable, externalId: 'worse', raw: {} };
    const changed = conversation('a', {
      senderName: 'New',
      asOf: day(300),
      events: [message('1', { text: 'edited', asOf: day(300) }), message('2')],
    });
    const rows = [changed, conversation('b')];
    const syncId = await walk(db, connectionId, [{ rows, invalid: [notReadable, other] }], DRY);

    expect(await countsOf(db, syncId)).toMatchObject({ sum: { records_inserted: 2, records_updated: 2 } });
    expect(await untouchables(db.sql)).toEqual(before);
    expect((await db.sql`SELECT count(*) FROM outbox WHERE kind <> 'job'`)[0]).toEqual(outbox);
    expect(await db.sql`SELECT 1 FROM walk_versions`).toHaveLength(0);
  });

  test('E13 leaves the place of the next sync as it was: first stays full, incremental stays incremental', async () => {
    const page = { rows: [conversation('a')] };
    const modeOf = async (syncId: string) =>
      (await db.sql`SELECT mode FROM syncs WHERE id = ${syncId}`)[0]?.mode;
    const incremental = { mode: 'incremental' as const };
    const first = await walk(db, connectionId, [page], { ...DRY, ...incremental });
    expect(await modeOf(first)).toBe('full');
    expect(await modeOf(await walk(db, connectionId, [page], incremental))).toBe('full');
    const full = await walk(db, connectionId, [page], DRY);
    expect(await modeOf(full)).toBe('full');
    expect(await modeOf(await walk(db, connectionId, [page], incremental))).toBe('incremental');
  });

  test('E13 keeps a few samples of each outcome with what would change, and no raw payload', async () => {
    const many = Array.from({ length: 10 }, (_, index) => message(`old-${index}`));
    await walk(db, connectionId, [{ rows: [conversation('a', { events: many })] }]);
    const pages = [0, 1].map((page) => ({
      rows: [
        conversation('a', {
          senderName: `Renamed ${page}`,
          asOf: day(300 + page),
          events: [
            ...many.slice(1),
            ...Array.from({ length: 4 }, (_, index) => message(`new-${page}-${index}`)),
            message('old-0', { text: `edited ${page}`, asOf: day(300 + page) }),
          ],
        }),
      ],
      invalid: [notReadable],
    }));
    const syncId = await walk(db, connectionId, pages, DRY);
    const results = await listResults(db, syncId, { withContents: true });
    const [conversations, messages] = results;
    expect(conversations?.samples?.updated?.[0]).toEqual({
      key: { pageId: PAGE_ID, contactId: 'a' },
      changes: [{ field: 'senderName', from: 'Name of a', to: 'Renamed 0' }],
    });
    const counts = Object.entries(messages?.samples ?? {}).map(([name, list]) => [name, list.length]);
    expect(Object.fromEntries(counts)).toEqual({ inserted: 5, updated: 2, skipped: 5, quarantined: 2 });
    expect(messages?.samples?.updated?.map(({ changes }) => changes)).toEqual(
      [0, 1].map((page) => [{ field: 'text', from: 'text of old-0', to: `edited ${page}` }]),
    );
    expect(JSON.stringify(results)).not.toContain(notReadable.raw.secret);
    const [, bare] = await listResults(db, syncId, { withContents: false });
    expect(JSON.stringify(bare)).not.toContain('edited');
    expect(bare?.samples?.updated).toHaveLength(2);
  });

  test('E13 what it counted is no part of the statistics', async () => {
    await walk(db, connectionId, [{ rows: [conversation('a')] }], DRY);
    const { tenantId } = (await requester(db))('');
    const statistics = await readStatistics(db, { tenantId, since: '2000-01-01', until: '2100-01-01' });
    expect(statistics.totals).toMatchObject({ syncs: 0, records: { inserted: 0 } });
    expect(await db.sql`SELECT 1 FROM sync_statistics`).toHaveLength(0);
  });
});

describe('a stopped sync', () => {
  const end = (syncId: string) => db.sql`
    UPDATE syncs SET status = 'failed', status_cause = 'test', finished_at = now() WHERE id = ${syncId}`;
  const retry = async (syncId: string) => {
    const outcome = await retrySync(db, (await requester(db))(syncId));
    if (outcome.kind !== 'started') throw new Error(`the retry is ${outcome.kind}`);
    return outcome.syncId;
  };
  const halves: [SourcePage[], SourcePage[]] = [
    [{ rows: [conversation('a', { events: [message('1')] })] }],
    [{ rows: [further('a', [message('1'), message('2')])] }],
  ];

  test('E13 a failed sync goes on from its checkpoint, also when a dry run came after it', async () => {
    const syncId = await beginWalk(db, connectionId);
    await walkPages(db, { syncId, connectionId }, halves[0], { isWhole: false });
    await end(syncId);
    await walk(db, connectionId, halves[0], DRY);
    const heir = await retry(syncId);
    const [state] = await db.sql`SELECT sync_id, checkpoint FROM sync_state`;
    expect(state).toEqual({ sync_id: heir, checkpoint: { v: 1, seq: 0 } });
  });

  test('E13 the retry of a dry run is a dry run that knows what the other one counted', async () => {
    const syncId = await beginWalk(db, connectionId, DRY);
    await walkPages(db, { syncId, connectionId }, halves[0], { wish: DRY, isWhole: false });
    await end(syncId);
    const heir = await retry(syncId);
    const [sync] = await db.sql`
      SELECT dry_run, checkpoint FROM syncs JOIN walk_state ON sync_id = id WHERE id = ${heir}`;
    expect(sync).toEqual({ dry_run: true, checkpoint: { v: 1, seq: 0 } });
    await walkPages(db, { syncId: heir, connectionId }, halves[1], { wish: DRY });
    expect(await countsOf(db, heir)).toMatchObject({ sum: { records_inserted: 1, records_skipped: 1 } });
    expect(await db.sql`SELECT 1 FROM messenger_conversations`).toHaveLength(0);
  });
});

const NUM_RUNS = 20;

/**
 * Versions of a few records in any order: known and unknown contacts, described or only named, messages with and without
 * an id, contents that come back, and equal moments.
 */
const anyRow = fc
  .record({
    contact: fc.integer({ min: 0, max: 2 }),
    isNamed: fc.boolean(),
    name: fc.integer({ min: 0, max: 2 }),
    moment: fc.integer({ min: 1, max: 4 }),
    events: fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 2 }),
        hasId: fc.boolean(),
        text: fc.integer({ min: 0, max: 2 }),
        moment: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ contact, isNamed, name, moment, events }) => {
    const records = events.map((event) =>
      message(`m${event.id}`, {
        ...(event.hasId ? {} : { messageId: null, type: 'postback' as const }),
        at: day(event.id + 1),
        text: `text ${event.text}`,
        asOf: day(event.moment),
      }),
    );
    if (isNamed) return further(`c${contact}`, records, day(moment));
    return conversation(`c${contact}`, { senderName: `name ${name}`, asOf: day(moment), events: records });
  });
const anyPages = fc.array(fc.array(anyRow, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

type Pages = readonly (readonly ConversationRecord[])[];
/** A dry run of the pages and then the sync, over what is stored, in a transaction that is rolled back. */
async function dryThenReal(tx: postgres.TransactionSql, stored: Pages, pages: Pages) {
  const groups = (rows: readonly ConversationRecord[]) => [
    { kind: 'conversations' as const, rows: [...rows] },
  ];
  for (const rows of stored) await writeRecords(tx, connectionId, groups(rows));
  const before = await untouchables(tx);
  const [sync] = await tx<{ id: string }[]>`
    INSERT INTO syncs (connection_id, mode, trigger, dry_run, status_cause)
    VALUES (${connectionId}, 'full', 'api', true, 'test') RETURNING id`;
  const dry: unknown[] = [];
  for (const rows of pages) {
    const walk = { dryRun: true, purpose: 'sync' as const };
    const page = { syncId: sync?.id ?? '', connectionId, walk, records: groups(rows), invalid: [] };
    dry.push((await writePageRecords(tx, page)).counts);
  }
  const after = await untouchables(tx);
  const real: unknown[] = [];
  for (const rows of pages) real.push((await writeRecords(tx, connectionId, groups(rows))).counts);
  return { before, after, dry, real };
}

test('E13 I13 each page of a dry run counts as that of the sync that follows, whatever the pages hold', async () => {
  class Undo extends Error {}
  await fc.assert(
    fc.asyncProperty(anyPages, anyPages, async (stored, pages) => {
      const run = db.sql.begin(async (tx) => {
        const { before, after, dry, real } = await dryThenReal(tx, stored, pages);
        expect(after).toEqual(before);
        expect(dry).toEqual(real);
        throw new Undo();
      });
      await run.catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
    }),
    { numRuns: NUM_RUNS },
  );
});
