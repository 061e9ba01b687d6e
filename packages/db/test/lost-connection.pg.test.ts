import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { type Database, isDatabaseUnavailable, openDatabase } from '@tidemark/db';
import { type InterruptingProxy, openInterruptingProxy } from './interrupting-proxy.ts';

const CUTS = ['end', 'reset'] as const;
/** What the driver asks first on a new connection, by itself. */
const TYPES = 'typarray';

let database: TestDatabase;
let proxy: InterruptingProxy;
let db: Database;
const unhandled: unknown[] = [];
const note = (reason: unknown): unknown => unhandled.push(reason);

beforeAll(async () => {
  database = await createTestDatabase();
  process.on('unhandledRejection', note);
});
afterAll(async () => {
  process.off('unhandledRejection', note);
  await database.drop();
});
beforeEach(async () => {
  unhandled.length = 0;
  proxy = await openInterruptingProxy(database.url);
  db = openDatabase({ url: proxy.url, max: 1, applicationName: 'test' });
});
afterEach(async () => {
  await db.close();
  await proxy.close();
});

/** What came of it: its value, or that PostgreSQL was away. */
async function outcomeOf<T>(query: PromiseLike<T>): Promise<T | 'away'> {
  try {
    return await query;
  } catch (error) {
    if (isDatabaseUnavailable(error)) return 'away';
    throw error;
  }
}

async function numbers(): Promise<number[]> {
  const found = await Promise.all([1, 2, 3, 4].map((n) => db.sql<{ n: number }[]>`SELECT ${n}::int AS n`));
  return found.map(([row]) => row?.n ?? 0);
}

describe.each(CUTS)('a connection that is lost (%s)', (cut) => {
  test('while it is made: the query is made on another one, or fails; nothing else does', async () => {
    proxy.cutAt(TYPES, cut);
    expect(['away', 1]).toContain(await outcomeOf(db.sql`SELECT 1 AS n`.then(([row]) => row?.n)));
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(unhandled).toEqual([]);
  });

  test('while it is made for a transaction', async () => {
    proxy.cutAt(TYPES, cut);
    const begun = db.sql.begin(async (tx) => (await tx`SELECT 1 AS n`)[0]?.n);
    expect(['away', 1]).toContain(await outcomeOf(begun));
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(unhandled).toEqual([]);
  });

  test('in a query: the next ones get their own answers', async () => {
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    proxy.cutAt('cut here', cut);
    const lost = outcomeOf(db.sql`SELECT 'cut here'`);
    const behind = outcomeOf(db.sql`SELECT 'behind it'`);
    expect(await lost).toBe('away');
    const soon = outcomeOf(numbers());
    expect(await behind).toBe('away');
    expect(['away', [1, 2, 3, 4]]).toContainEqual(await soon);
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(unhandled).toEqual([]);
  });

  test('in a transaction with several queries at once: it fails, and the next ones get their own answers', async () => {
    proxy.cutAt('cut here', cut);
    const lost = db.sql.begin(async (tx) => {
      const later = async (): Promise<void> => {
        await tx`SELECT 1`;
        await tx`SELECT 2`;
      };
      await Promise.all([tx`SELECT 3`, later(), tx`SELECT 'cut here'`, later(), tx`SELECT 4`]);
    });
    expect(await outcomeOf(lost)).toBe('away');
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(unhandled).toEqual([]);
  });
});
