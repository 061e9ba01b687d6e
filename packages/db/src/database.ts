import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

export type Sql = postgres.Sql;
/** Either the pool or an open transaction. */
export type SqlOrTransaction = postgres.Sql | postgres.TransactionSql;

/**
 * A pool of connections. `sql` is for the statements that must be fast or atomic, `orm` for everything else.
 * Both share the pool; because of drizzle, timestamps come out of `sql` as PostgreSQL's text, and are passed
 * in as ISO 8601.
 */
export interface Database {
  sql: Sql;
  orm: PostgresJsDatabase<typeof schema>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  max: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** A statement that takes longer is ended by the server. */
  statementTimeoutMs?: number;
}

export function openDatabase(options: DatabaseOptions): Database {
  const sql = postgres(options.url, {
    max: options.max,
    connect_timeout: 10,
    idle_timeout: 60,
    // The first reconnects are quick: a restarted server is back within a second or two.
    backoff: (retries: number) => Math.min(2, 0.05 * 2 ** retries),
    onnotice: () => {},
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? 60_000,
      TimeZone: 'UTC',
    },
  });
  const orm = drizzle({ client: sql, schema, casing: 'snake_case' });
  return { sql, orm, close: () => sql.end({ timeout: 5 }) };
}

/**
 * The head of a WITH list that lets its statement commit without waiting for the disk; the statement must refer to
 * `without_waiting`. For what may be lost in a crash of the server because it is made again anyway, such as a heartbeat.
 */
export function withoutWaiting(sql: SqlOrTransaction) {
  return sql`without_waiting AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;
}

const UNAVAILABLE = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  // PostgreSQL, Appendix A: connection exceptions, idle in transaction for too long, admin shutdown, crash shutdown,
  // cannot connect now, too many connections, disk full.
  '08000',
  '08001',
  '08003',
  '08006',
  '25P03',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53100',
]);

function codeOf(error: unknown): string | null {
  if (error === null || typeof error !== 'object') return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : null;
}

/** The SQLSTATE of an error of PostgreSQL, or the code of a connection error; drizzle's wrapping is looked through. */
export function databaseErrorCode(error: unknown): string | null {
  return codeOf(error);
}

/** Whether the server could not be reached or is not accepting work: trying later, unchanged, is right. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && UNAVAILABLE.has(code);
}

/** Whether the transaction was a victim of another one (deadlock, serialization) and can be repeated unchanged. */
export function isTransientConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001';
}

/** The name of the constraint an error of PostgreSQL is about, or null. */
export function constraintOf(error: unknown): string | null {
  if (error === null || typeof error !== 'object') return null;
  if ('constraint_name' in error && typeof error.constraint_name === 'string') return error.constraint_name;
  return 'cause' in error ? constraintOf(error.cause) : null;
}

/** The name of the unique constraint an error of PostgreSQL is about, or null. */
export function uniqueViolation(error: unknown): string | null {
  return codeOf(error) === '23505' ? constraintOf(error) : null;
}
