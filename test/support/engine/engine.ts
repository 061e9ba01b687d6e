import { connectorRegistry } from '@tidemark/connectors';
import { createConnection, type Database, openDatabase, sealSecret, startSync } from '@tidemark/db';
import { openQueues, type Queues } from '@tidemark/queue';
import { eventually } from '../eventually.ts';
import { type EngineAddresses, engineKeyring } from './settings.ts';
import { readSync, type SyncRow } from './sync-row.ts';

/** A Page of the simulator, and how it is connected. */
export interface PageToConnect {
  pageId: string;
  accessToken: string;
  appSecret?: string;
  /** Conversations per call. */
  pageSize?: number;
  /** Messages nested with each conversation. */
  messagesPerConversation?: number;
  /** Calls in so many seconds; default: more than any test makes. */
  pagePool?: { maxCalls: number; perSeconds: number };
  appPool?: { maxCalls: number; perSeconds: number };
}

/** The engine from outside: what a user sees of it in PostgreSQL, and the two things a user does. */
export interface Engine {
  addresses: EngineAddresses;
  db: Database;
  queues: Queues;
  /** Creates a connection and returns its id. */
  connect(page: PageToConnect): Promise<string>;
  /** Starts a sync as the API does and returns its id. */
  startSync(connectionId: string, mode?: 'incremental' | 'full'): Promise<string>;
  sync(syncId: string): Promise<SyncRow>;
  /** Waits until the sync is `completed`, `failed` or `cancelled`, whichever it is. */
  ended(syncId: string, timeoutMs?: number): Promise<SyncRow>;
  /** Waits until the sync completed; another end is an error that says why. */
  completed(syncId: string, timeoutMs?: number): Promise<SyncRow>;
  /** Waits until so many pages are committed and work goes on. */
  reachedPage(syncId: string, seq: number, timeoutMs?: number): Promise<SyncRow>;
  close(): Promise<void>;
}

/** In a window this long a call may start late: in a shorter one a busy machine would miss slot after slot. */
const AMPLE = { maxCalls: 200_000, perSeconds: 2 };
/** How long syncs are waited for: a minute's work on a machine that is ten times slower. */
const PATIENCE_MS = 180_000;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens what tests and benchmarks look at the engine with. Starts no worker. */
export async function openEngine(addresses: EngineAddresses): Promise<Engine> {
  const { databaseUrl, redisUrl } = addresses;
  const db = openDatabase({ url: databaseUrl, max: 4, applicationName: 'observer' });
  const queues = await openQueues({ redisUrl, databaseUrl, logger: SILENT, callMs: 60_000 });
  const ended = (syncId: string, timeoutMs = PATIENCE_MS) => waitForEnd(db, syncId, timeoutMs);
  return {
    addresses,
    db,
    queues,
    connect: (page) => connectPage(db, page),
    startSync: (connectionId, mode = 'incremental') => start(db, queues, connectionId, mode),
    sync: (syncId) => readSync(db, syncId),
    ended,
    completed: async (syncId, timeoutMs) => {
      const sync = await ended(syncId, timeoutMs);
      if (sync.status === 'completed') return sync;
      throw new Error(`the sync ended as ${sync.status}: ${sync.errorCode} ${sync.errorMessage}`);
    },
    reachedPage: (syncId, seq, timeoutMs = PATIENCE_MS) => waitForPage(db, syncId, seq, timeoutMs),
    close: async () => {
      await queues.close();
      await db.close();
    },
  };
}

/** Creates a connection as the API does and returns its id. */
export async function connectPage(db: Database, page: PageToConnect): Promise<string> {
  const { pageId, accessToken, appSecret, pageSize, messagesPerConversation } = page;
  const given = { pageId, pageSize, messagesPerConversation };
  const connector = connectorRegistry({ graphUrl: 'http://unused', graphVersion: 'v26.0' }).get('messenger');
  if (connector === undefined) throw new Error('there is no messenger connector');
  const parsed = connector.config.parse(given);
  const pools = (connector.pools?.(parsed) ?? []).map((pool) => ({
    ...pool,
    ...((pool.pool === 'messenger:app' ? page.appPool : page.pagePool) ?? AMPLE),
    maxConcurrent: null,
  }));
  const [tenant] = await db.sql<{ id: string }[]>`
    INSERT INTO tenants (name) VALUES ('default') ON CONFLICT (name) DO UPDATE SET name = excluded.name
    RETURNING id`;
  const credentials = { accessToken, ...(appSecret === undefined ? {} : { appSecret }) };
  const outcome = await createConnection(db, {
    tenantId: tenant?.id ?? '',
    connector: 'messenger',
    name: `Page ${pageId}`,
    config: given,
    accountId: connector.identity(parsed),
    conflictPolicy: 'source_wins',
    pools,
    seal: (connectionId) => sealSecret(engineKeyring(), connectionId, credentials),
  });
  if (outcome.kind !== 'created') throw new Error(`page ${pageId} is connected already`);
  return outcome.connectionId;
}

async function start(
  db: Database,
  queues: Queues,
  connectionId: string,
  mode: 'incremental' | 'full',
): Promise<string> {
  const outcome = await startSync(db, {
    connectionId,
    mode,
    trigger: 'api',
    priority: 'normal',
    streams: ['conversations'],
    cause: 'test',
  });
  if (outcome.kind !== 'started') throw new Error(`the sync was not started: ${JSON.stringify(outcome)}`);
  const { syncId, job } = outcome;
  const payload = { syncId, seq: job.seq, pickup: job.pickup };
  await queues.add({ name: 'sync-page', payload, priority: job.priority });
  return syncId;
}

async function waitForEnd(db: Database, syncId: string, timeoutMs: number): Promise<SyncRow> {
  return await eventually(
    async () => {
      const sync = await readSync(db, syncId);
      if (['completed', 'failed', 'cancelled'].includes(sync.status)) return sync;
      throw new Error(`the sync is ${sync.status} at page ${sync.seq}, ${JSON.stringify(sync)}`);
    },
    { timeoutMs, intervalMs: 100 },
  );
}

async function waitForPage(db: Database, syncId: string, seq: number, timeoutMs: number): Promise<SyncRow> {
  return await eventually(
    async () => {
      const sync = await readSync(db, syncId);
      if (sync.seq >= seq) return sync;
      throw new Error(`the sync is ${sync.status} at page ${sync.seq}, not yet at ${seq}`);
    },
    { timeoutMs, intervalMs: 5 },
  );
}
