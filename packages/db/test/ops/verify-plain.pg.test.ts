import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { noCrash } from '@tidemark/core/crash';
import type { InvalidRecord, PlainRecord } from '@tidemark/core/records';
import { commitPage, type Database, listResults, startSync } from '@tidemark/db';
import { claimed, type Fixture, openFixture, pageCommit } from './fixtures.ts';

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
const SYNC = { dryRun: false, purpose: 'sync' as const };

interface NotesPage {
  rows: PlainRecord[];
  invalid?: InvalidRecord[];
}

const note = (id: string, title: string): PlainRecord => ({
  externalId: id,
  data: { id, title, of: 12345678901234 },
  asOf: '2024-06-01T00:00:00.000Z',
  contentHash: `hash of ${title}`,
});
const SOURCE: NotesPage[] = [
  { rows: [note('a', 'A'), note('b', 'B')] },
  { rows: [note('c', 'C'), note('d', 'D')] },
];

async function walkNotes(pages: readonly NotesPage[], walk: typeof VERIFY | typeof REPAIR | typeof SYNC) {
  const request = { connectionId, mode: 'full', streams: ['notes'], cause: 'test', ...walk } as const;
  const started = await startSync(db, { ...request, trigger: 'api', priority: 'normal' });
  if (started.kind !== 'started') throw new Error(`not started: ${started.kind}`);
  const { syncId } = started;
  for (const [seq, { rows, invalid = [] }] of pages.entries()) {
    const fencingToken = await claimed(db, { syncId, connectionId, seq });
    const next = seq === pages.length - 1 ? null : { v: 1, seq };
    const stored = { stream: 'notes', kinds: ['records'] as const };
    const records = [{ kind: 'records' as const, stream: 'notes', rows }];
    const page = pageCommit({
      syncId,
      connectionId,
      seq,
      fencingToken,
      walk,
      records,
      invalid,
      next,
      ...stored,
    });
    const outcome = await commitPage(db, page, noCrash);
    if (outcome.kind !== 'committed') throw new Error(`page ${seq} is ${outcome.kind}`);
  }
  const results = await listResults(db, syncId, { withContents: true });
  return results.map(({ stream, findings }) => [
    stream,
    Object.fromEntries(
      Object.entries(findings ?? {}).map(([name, found]) => [
        name,
        found === null ? null : found.records.map(({ key }) => key.recordId),
      ]),
    ),
  ]);
}

const stored = () =>
  db.sql`SELECT xmin::text, to_jsonb(r)::text AS row FROM synced_records r ORDER BY external_id`;
const titles = async () =>
  (await db.sql`SELECT external_id AS id, data ->> 'title' AS title FROM synced_records ORDER BY 1`).map(
    (row) => `${row.id} ${row.title}`,
  );
const NOTHING = [['notes', { missing: [], differing: [], extra: [] }]];

beforeEach(async () => {
  await db.sql`TRUNCATE synced_records, syncs, sync_state, sync_locks CASCADE`;
  await walkNotes(SOURCE, SYNC);
});

describe('E26 records without tables of their own are verified', () => {
  test('nothing is found where nothing is wrong', async () => {
    const before = await stored();
    expect(await walkNotes(SOURCE, VERIFY)).toEqual(NOTHING);
    expect(await walkNotes(SOURCE, REPAIR)).toEqual(NOTHING);
    expect(await stored()).toEqual(before);
  });

  test('what is missing, differs, was changed past the engine, or is not there any more', async () => {
    await db.sql`DELETE FROM synced_records WHERE external_id = 'a'`;
    await db.sql`UPDATE synced_records SET data = data || '{"title": "by hand"}' WHERE external_id = 'b'`;
    const source = [{ rows: [note('a', 'A'), note('b', 'B')] }, { rows: [note('c', 'C anew')] }];
    const before = await stored();
    const found = [['notes', { missing: ['a'], differing: ['b', 'c'], extra: ['d'] }]];
    expect(await walkNotes(source, VERIFY)).toEqual(found);
    expect(await stored()).toEqual(before);
    expect(await walkNotes(source, REPAIR)).toEqual(found);
    // What is extra is told, and kept: absence proves nothing here.
    expect(await titles()).toEqual(['a A', 'b B', 'c C anew', 'd D']);
    expect(await walkNotes(source, VERIFY)).toEqual([
      ['notes', { missing: [], differing: [], extra: ['d'] }],
    ]);
  });

  test('a record in quarantine is at the source; when one cannot even be named, nothing is said of absence', async () => {
    const refused = (externalId: string | null): InvalidRecord => ({
      ...{ stream: 'notes', externalId, path: '', reason: 'broken', raw: {} },
    });
    const [first] = SOURCE;
    const pages = (id: string | null) => [
      first ?? { rows: [] },
      { rows: [note('c', 'C')], invalid: [refused(id)] },
    ];
    expect(await walkNotes(pages('d'), VERIFY)).toEqual(NOTHING);
    expect(await walkNotes(pages(null), VERIFY)).toEqual([
      ['notes', { missing: [], differing: [], extra: null }],
    ]);
  });
});
