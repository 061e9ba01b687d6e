import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { ROLE } from './create-cluster.ts';
import { codeOf, EmbeddedPostgresError } from './error.ts';

const POLL_MS = 50;
const CONNECT_MS = 30_000;
/** PostgreSQL's codes for a password or a role that it does not know. */
const REFUSED = new Set(['28P01', '28000']);

/** The address of a database of the embedded server. */
export function urlOf(port: number, password: string, database: string = ROLE): string {
  return `postgres://${ROLE}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * Proves that the server on this port is ours, by its password, and makes the database when it is missing.
 * A server that recovers or comes up refuses connections for a while, so it is asked again.
 */
export async function ensureDatabase(port: number, password: string): Promise<void> {
  const deadline = Date.now() + CONNECT_MS;
  for (;;) {
    try {
      return await createDatabaseIfMissing(urlOf(port, password, 'postgres'));
    } catch (cause) {
      if (REFUSED.has(codeOf(cause) ?? '')) {
        const message = `the PostgreSQL on port ${port} does not take the password in the data directory`;
        throw new EmbeddedPostgresError('password_wrong', message, { cause });
      }
      if (Date.now() > deadline) {
        const message = `the embedded PostgreSQL on port ${port} does not answer`;
        throw new EmbeddedPostgresError('start_timeout', message, { cause });
      }
      await delay(POLL_MS);
    }
  }
}

async function createDatabaseIfMissing(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    const found = await sql`select 1 from pg_database where datname = ${ROLE}`;
    if (found.length === 0) await sql`create database ${sql(ROLE)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
