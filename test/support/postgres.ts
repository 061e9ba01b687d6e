import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { ask } from './services/ask.ts';
import { requireTier } from './test-tier.ts';

/** A database of a test's own, migrated and empty. */
export interface TestDatabase {
  url: string;
  /** Removes it, with whatever is still connected. Not needed at the end of a run: the server goes then. */
  drop(): Promise<void>;
}

/** What the database starts as. */
export interface TestDatabaseOptions {
  /** False for a database without any table of ours. Default true. */
  migrated?: boolean;
}

/** Clones the template database on the shared server. For files named `.pg.test.ts` and wider. */
export async function createTestDatabase({
  migrated = true,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  requireTier('pg', 'createTestDatabase');
  const { adminUrl, template, prefix } = await ask('/postgres', {});
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  const source = migrated ? template : 'template0';
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)} template ${sql(source)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

async function asAdmin(url: string, statement: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await statement(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
