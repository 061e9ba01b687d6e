import { afterEach, describe, expect, test } from '@jest/globals';
import postgres from 'postgres';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const databases: TestDatabase[] = [];
const clients: postgres.Sql[] = [];

async function connect(options?: { migrated: boolean }): Promise<postgres.Sql> {
  const database = await createTestDatabase(options);
  databases.push(database);
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  clients.push(sql);
  return sql;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((sql) => sql.end()));
  await Promise.all(databases.splice(0).map((database) => database.drop()));
});

describe('createTestDatabase', () => {
  test('gives each caller a migrated database of its own, also when many ask at once', async () => {
    const all = await Promise.all([connect(), connect(), connect()]);
    const names = await Promise.all(all.map((sql) => sql`select current_database() as name`));
    expect(new Set(names.map(([row]) => row?.name)).size).toBe(3);
    for (const sql of all) {
      const tables = await sql`select 1 from pg_tables where schemaname = 'public'`;
      expect(tables.length).toBeGreaterThan(0);
    }
  });

  test('gives an empty database when asked to', async () => {
    const sql = await connect({ migrated: false });
    expect(await sql`select 1 from pg_tables where schemaname = 'public'`).toHaveLength(0);
  });

  test('drops a database that is still in use', async () => {
    const database = await createTestDatabase();
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    await sql`select 1`;
    await database.drop();
    await expect(sql`select 1`).rejects.toThrow();
    await sql.end();
  });
});
