import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noCrash } from '@tidemark/core/crash';
import { readingOf, type SchemaReading } from '@tidemark/core/validation';
import { commitPage, type Database, readValidation, recordValidation } from '@tidemark/db';
import { conversation, type Fixture, message, openFixture, pageCommit } from './fixtures.ts';
import { type LivePage, pageUnderWay } from './live-page.ts';

let fixture: Fixture;
let db: Database;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

const EVER = { since: '2000-01-01', until: '2999-01-01' };
const schemasOf = async ({ connectionId }: { connectionId: string }) =>
  (await readValidation(db, { connectionId, ...EVER })).schemas;

function records(page: LivePage, messages: number) {
  const senderId = `${page.syncId}-contact`;
  const events = Array.from({ length: messages }, (_, index) => message(`m-${page.syncId}-${index}`));
  return [{ kind: 'conversations' as const, rows: [conversation(senderId, { events })] }];
}

const refused = (externalId: string) => ({
  stream: 'messages',
  externalId,
  reason: 'r',
  path: '/p',
  raw: { externalId },
});

describe('what the schemas saw', () => {
  test('E27: is stored with the page, and adds up with the results of the sync', async () => {
    const page = await pageUnderWay(db);
    const validation = [
      readingOf('response', 'conversations', [['/paging']]),
      readingOf('record', 'conversations', [['/participants', '/id']]),
      readingOf('record', 'messages', [[], [], ['/id']], 1),
    ];
    const given = { ...page, records: records(page, 3), invalid: [refused('x')], validation };
    expect((await commitPage(db, pageCommit(given), noCrash)).kind).toBe('committed');
    const schemas = await schemasOf(page);
    expect(schemas).toEqual([
      { ...validation[1], kind: 'record' },
      { ...validation[2], kind: 'record' },
      { ...validation[0], kind: 'response' },
    ]);
    const results = await db.sql<{ stream: string; read: number }[]>`
      SELECT stream, records_read AS read FROM sync_results WHERE sync_id = ${page.syncId} ORDER BY stream`;
    const seen = schemas.filter(({ kind }) => kind === 'record');
    expect(seen.map((one) => [one.schema, one.passed + one.repaired + one.quarantined])).toEqual(
      results.map(({ stream, read }) => [stream, read]),
    );
  });

  test('follows from the counts of the page where the connector tells nothing', async () => {
    const page = await pageUnderWay(db);
    const given = { ...page, records: records(page, 2), invalid: [refused('x')] };
    await commitPage(db, pageCommit(given), noCrash);
    expect(await schemasOf(page)).toMatchObject([
      { schema: 'conversations', passed: 1, repaired: 0, quarantined: 0 },
      { schema: 'messages', passed: 2, repaired: 0, quarantined: 1 },
    ]);
  });

  test('counts nothing of a page that was not committed', async () => {
    const page = await pageUnderWay(db);
    const crash = () => {
      throw new Error('crash');
    };
    await expect(commitPage(db, pageCommit({ ...page, records: records(page, 2) }), crash)).rejects.toThrow(
      'crash',
    );
    const fencedOff = { ...page, fencingToken: '1', records: records(page, 2) };
    expect((await commitPage(db, pageCommit(fencedOff), noCrash)).kind).toBe('superseded');
    const boasting = {
      ...page,
      records: records(page, 2),
      validation: [readingOf('record', 'messages', [[]])],
    };
    await expect(commitPage(db, pageCommit(boasting), noCrash)).rejects.toThrow('What the schemas saw');
    expect(await schemasOf(page)).toEqual([]);
  });

  test('adds up when pages and deliveries count for one connection at once', async () => {
    const { connectionId } = await pageUnderWay(db);
    const readings: SchemaReading[] = [
      readingOf('record', 'messages', [[], ['/a', '/b']], 1),
      readingOf('response', 'messages', [['/a']]),
    ];
    await Promise.all(
      Array.from({ length: 20 }, () => db.sql.begin((tx) => recordValidation(tx, connectionId, readings))),
    );
    expect(await schemasOf({ connectionId })).toEqual([
      { ...readings[0], passed: 20, repaired: 20, quarantined: 20, fallbacks: { '/a': 20, '/b': 20 } },
      { ...readings[1], passed: 0, repaired: 20, quarantined: 0, fallbacks: { '/a': 20 } },
    ]);
  });

  test('is kept by day, and read from one day to another', async () => {
    const { connectionId } = await pageUnderWay(db);
    await db.sql.begin((tx) => recordValidation(tx, connectionId, [readingOf('record', 'messages', [[]])]));
    await db.sql`UPDATE validation_counts SET day = '2024-02-29' WHERE connection_id = ${connectionId}`;
    await db.sql.begin((tx) =>
      recordValidation(tx, connectionId, [readingOf('record', 'messages', [['/id']])]),
    );
    const all = await readValidation(db, { connectionId, ...EVER });
    expect(all.schemas).toMatchObject([{ passed: 1, repaired: 1, fallbacks: { '/id': 1 } }]);
    expect(all.byDay.map(({ day, passed }) => [day, passed])).toMatchObject([
      ['2024-02-29', 1],
      [expect.any(String), 0],
    ]);
    const one = await readValidation(db, { connectionId, since: '2024-02-29', until: '2024-02-29' });
    expect(one.schemas).toMatchObject([{ passed: 1, repaired: 0 }]);
  });
});
