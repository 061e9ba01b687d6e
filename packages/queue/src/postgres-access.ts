import { createRequire } from 'node:module';
import {
  type PgPool,
  type PgPoolClient,
  type PgPoolConfig,
  type PgQueryResult,
  PostgresConnection,
  PostgresQueueBackend,
  type QueueBaseOptions,
  runMigrations,
} from 'bullmq';
import { isConnectionError } from './connection-errors.ts';
import { asError } from './errors.ts';

/** The schema BullMQ keeps its tables in. */
export const SCHEMA = 'bullmq';
/** Per process: a worker uses one for LISTEN, the rest for its queries. */
const POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 1_500;
const STATEMENT_TIMEOUT_MS = 30_000;

/** `pg` ships no types; this is the part of it that BullMQ's backend asks for. */
interface PgModule {
  Pool: new (config: PgPoolConfig) => PgPool;
}

/** Loaded when a pool is made: who has Redis never needs it. */
function loadPg(): PgModule {
  const pg: PgModule = createRequire(import.meta.url)('pg');
  return pg;
}

/**
 * PostgreSQL is away for the moment. BullMQ waits and tries again on `ECONNREFUSED` only, and takes any other
 * error of a query for a verdict on the job; so every form of "away" gets that code here.
 */
export class PostgresAwayError extends Error {
  override readonly name = 'PostgresAwayError';
  readonly code = 'ECONNREFUSED';
}

function asAway(thrown: unknown): Error {
  const error = asError(thrown);
  return isConnectionError(error)
    ? new PostgresAwayError(`PostgreSQL is away: ${error.message}`, { cause: error })
    : error;
}

/** A pool whose errors BullMQ understands, and whose schema is migrated at first use. */
export class PostgresAccess implements PgPool {
  readonly #pool: PgPool;
  #migrated: Promise<void> | undefined;
  /** BullMQ asks here whether a dead LISTEN connection would be noticed. */
  readonly options = { keepAlive: true };

  constructor(databaseUrl: string, onError: (error: Error) => void) {
    const { Pool } = loadPg();
    this.#pool = new Pool({
      connectionString: withSessionOptions(databaseUrl),
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'tidemark-queue',
    });
    this.#pool.on('error', (error) => {
      // The pool hangs its client onto the error, and a logger would write out all of it, password included.
      Reflect.deleteProperty(error, 'client');
      onError(error);
    });
    // A client that is lent out has no listener of the pool's, and an unheard error event ends the process.
    this.#pool.on('connect', (client) => client.on('error', onError));
  }

  async query<R>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> {
    try {
      return await this.#pool.query<R>(text, params);
    } catch (error) {
      throw asAway(error);
    }
  }

  async connect() {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw asAway(error);
    }
  }

  /** Migrates once; BullMQ's migrator holds an advisory lock, so processes that start together take turns. */
  ready(): Promise<void> {
    this.#migrated ??= this.#migrate().catch((error: unknown) => {
      this.#migrated = undefined;
      throw asAway(error);
    });
    return this.#migrated;
  }

  async #migrate(): Promise<void> {
    const client = await this.connect();
    let broken = true;
    try {
      await runMigrations(client, SCHEMA);
      broken = false;
    } finally {
      client.release(broken);
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'connect', listener: (client: PgPoolClient) => void): this;
  on(...args: ['error', (error: Error) => void] | ['connect', (client: PgPoolClient) => void]): this {
    if (args[0] === 'error') {
      this.#pool.on('error', args[1]);
    } else {
      this.#pool.on('connect', args[1]);
    }
    return this;
  }

  removeAllListeners(event?: string): this {
    this.#pool.removeAllListeners(event);
    return this;
  }
}

/** Adds the schema and a bound on statements to whatever session options the address already has. */
function withSessionOptions(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  // The queue is disposable: what a crash of PostgreSQL takes of it is put back from the tables, so that no job has to
  // wait for the disk.
  const ours = `-c search_path=${SCHEMA} -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c synchronous_commit=off`;
  url.searchParams.set('options', given === null ? ours : `${given} ${ours}`);
  return url.toString();
}

/**
 * BullMQ's own connection remembers a failed first contact for ever. This one asks again with every query, so
 * that a worker or a producer that was started before PostgreSQL recovers by itself.
 */
class PatientConnection extends PostgresConnection {
  readonly #access: PostgresAccess;

  constructor(access: PostgresAccess) {
    super(access);
    this.#access = access;
  }

  override waitUntilReady(): Promise<void> {
    return this.#access.ready();
  }
}

/** Blocks for ten seconds at most, so that a lost notification delays a job by that and not by an hour. */
export class PatientBackend extends PostgresQueueBackend {
  constructor(access: PostgresAccess, name: string, options: QueueBaseOptions<unknown>, listenAs?: string) {
    super(new PatientConnection(access), name, { ...options, connection: access }, true, listenAs);
  }

  override get maximumBlockTimeout(): number {
    return 10;
  }
}
