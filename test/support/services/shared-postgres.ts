import postgres from 'postgres';
import { startEmbeddedPostgres } from '../../../packages/db/src/embedded/index.ts';
import { migrate } from '../../../packages/db/src/migrate.ts';
import { endLeftovers } from './leftovers.ts';
import { EXTERNAL_DATABASE, type Requests } from './protocol.ts';

/** The PostgreSQL that the tests of one run share, each with a database of its own. */
export interface SharedPostgres {
  description: Requests['/postgres']['answer'];
  end(): Promise<void>;
}

/** Any number nobody else uses: two runs on one server must not create databases at the same moment. */
const TEMPLATE_LOCK = 7_145_001_983;

/** Hundreds of databases, of some seconds each: vacuum would start a process for one of them all the time. */
const SHORT_LIVED = { autovacuum: 'off' };

/** Starts the server, or uses the one of `TEST_DATABASE_URL`, and makes the template database. */
export async function startSharedPostgres(dataDir: string, runId: string): Promise<SharedPostgres> {
  const external = process.env[EXTERNAL_DATABASE];
  const prefix = `tidemark_test_${runId}_`;
  const template = `${prefix}template`;
  const adminUrl = external ?? (await startOwnServer(dataDir));
  await makeTemplate(adminUrl, template);
  return {
    description: { adminUrl, template, prefix },
    end: async () => {
      if (external === undefined) await endLeftovers([{ kind: 'cluster', dataDir }]);
      else await dropAll(adminUrl, prefix);
    },
  };
}

async function startOwnServer(dataDir: string): Promise<string> {
  const { url } = await startEmbeddedPostgres({ dataDir, durability: 'none', settings: SHORT_LIVED });
  return url;
}

async function makeTemplate(adminUrl: string, template: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${TEMPLATE_LOCK})`;
    await sql`create database ${sql(template)}`;
    await migrate(withDatabase(adminUrl, template));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function dropAll(adminUrl: string, prefix: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const found = await sql<{ datname: string }[]>`
      select datname from pg_database where starts_with(datname, ${prefix})`;
    for (const { datname } of found) await sql`drop database if exists ${sql(datname)} with (force)`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The address of another database on the same server. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
