import { randomBytes } from 'node:crypto';
import { type AnyConnector, defineConnector, defineStream } from '@tidemark/core/connector';
import type { Scope } from '@tidemark/core/contracts';
import { type JobRequest, jobIdOf } from '@tidemark/core/queue';
import { createApiKey, type Database, type Keyring, openDatabase } from '@tidemark/db';
import type { SchedulerRequest } from '@tidemark/queue';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { z } from 'zod';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import {
  type App,
  type AppDependencies,
  buildApp,
  createLogger,
  generateApiKey,
  hashApiKey,
} from '../src/index.ts';

export const KEYRING: Keyring = { keys: [{ id: 'test', key: randomBytes(32) }] };

/** A connector that is only configured: nothing in the API may fetch a page. */
const shop = defineConnector({
  id: 'shop',
  title: 'A shop',
  config: z.strictObject({
    shopId: z.string().regex(/^\d+$/),
    pageSize: z.int().min(1).max(100).default(10),
  }),
  credentials: z.strictObject({ token: z.string().min(8) }),
  identity: (config: { shopId: string }) => config.shopId,
  pools: (config: { shopId: string }) => [
    { pool: 'shop:app', maxCalls: 100, perSeconds: 60, maxConcurrent: null },
    { pool: `shop:${config.shopId}`, maxCalls: 10, perSeconds: 1, maxConcurrent: 2 },
  ],
  usage: () => [],
  streams: [
    defineStream<unknown, unknown, unknown, unknown>({
      name: 'orders',
      kind: 'conversations',
      checkpoint: z.unknown(),
      watermark: z.unknown(),
      start: () => ({}),
      fetchPage: () => Promise.reject(new Error('The API called a source.')),
    }),
  ],
});

const files = defineConnector({
  id: 'files',
  title: 'Files, without credentials',
  config: z.strictObject({ root: z.string() }),
  credentials: null,
  identity: (config: { root: string }) => config.root,
  pools: () => [],
  usage: () => [],
  streams: [
    defineStream<unknown, unknown, unknown, unknown>({
      name: 'files',
      kind: 'sessionFiles',
      checkpoint: z.unknown(),
      watermark: z.unknown(),
      start: () => ({}),
      fetchPage: () => Promise.reject(new Error('The API called a source.')),
    }),
  ],
});

// A registry holds connectors with their types erased; functions of one take the config the other's schema made.
const CONNECTORS = new Map(
  [shop, files].map((connector) => [connector.id, connector as unknown as AnyConnector]),
);

/** A queue that remembers what was put into it, and can be told to fail. */
export class FakeQueue {
  readonly backend = 'redis';
  readonly jobs: JobRequest[] = [];
  /** By id. */
  readonly schedulers = new Map<string, SchedulerRequest>();
  failure: Error | null = null;

  upsertScheduler(request: SchedulerRequest): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.schedulers.set(jobIdOf(request.name, request.payload), request);
    return Promise.resolve();
  }

  removeScheduler(_name: string, id: string): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.schedulers.delete(id);
    return Promise.resolve();
  }

  add(job: JobRequest): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.jobs.push(job);
    return Promise.resolve();
  }

  addMany(jobs: readonly JobRequest[]): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.jobs.push(...jobs);
    return Promise.resolve();
  }

  status() {
    const idle = { active: 0, delayed: 0, failed: 0 };
    if (this.failure !== null) return Promise.reject(this.failure);
    return Promise.resolve([
      { queue: 'sync' as const, waiting: this.jobs.length, ...idle, oldestWaitingSeconds: 1.5 },
    ]);
  }

  ping(): Promise<void> {
    return this.failure === null ? Promise.resolve() : Promise.reject(this.failure);
  }

  boardQueues() {
    return [];
  }
}

export interface Harness {
  db: Database;
  url: string;
  app: App;
  queue: FakeQueue;
  /** Every line of the log, as text. */
  log: string[];
  tenantId: string;
  /** A key with the scope `admin`. */
  admin: string;
  newKey(scopes: readonly Scope[], tenantId?: string): Promise<string>;
  newTenant(name: string): Promise<string>;
  /** Another API process over the same database. */
  another(overrides?: Partial<AppDependencies>): App;
  /** Asks with the admin key unless another one is given; null for none. */
  ask(method: InjectOptions['method'], url: string, options?: AskOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface AskOptions {
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
  app?: App;
}

/** An API over a database of its own. */
export async function openHarness(
  overrides: Partial<AppDependencies> = {},
  database?: { url: string; drop(): Promise<void> },
): Promise<Harness> {
  const own = database ?? (await createTestDatabase());
  const db = openDatabase({ url: own.url, max: 10, applicationName: 'api-test' });
  const log: string[] = [];
  const queue = new FakeQueue();
  const logger = createLogger('trace', { write: (line) => void log.push(line) });
  const dependencies = { db, queues: queue, connectors: CONNECTORS, keyring: KEYRING, logger, ...overrides };
  const app = buildApp(dependencies);
  const apps = [app];
  const newTenant = (name: string) => insertTenant(db, name);
  const tenantId = await newTenant('default');
  const newKey = async (scopes: readonly Scope[], forTenant = tenantId) => {
    const key = generateApiKey();
    await createApiKey(db, { tenantId: forTenant, name: 'test', keyHash: hashApiKey(key), scopes });
    return key;
  };
  const admin = await newKey(['admin']);
  return {
    db,
    url: own.url,
    app,
    queue,
    log,
    tenantId,
    admin,
    newKey,
    newTenant,
    another: (more = {}) => {
      const other = buildApp({ ...dependencies, ...more });
      apps.push(other);
      return other;
    },
    ask: (method, url, options = {}) => inject(options.app ?? app, method, url, { key: admin, ...options }),
    close: async () => {
      await Promise.all(apps.map((one) => one.close()));
      await db.close();
      await own.drop();
    },
  };
}

async function insertTenant(db: Database, name: string): Promise<string> {
  const [row] = await db.sql<{ id: string }[]>`INSERT INTO tenants (name) VALUES (${name}) RETURNING id`;
  return row?.id ?? '';
}

function inject(app: App, method: InjectOptions['method'], url: string, options: AskOptions) {
  const { key, body, headers } = options;
  return app.inject({
    ...(method === undefined ? {} : { method }),
    url,
    headers: { ...(key === null || key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
    ...(body === undefined ? {} : { payload: body as string | object }),
  });
}

let shops = 0;

/** The body of a connection to a shop nobody has connected yet. */
export function shopBody(values: Record<string, unknown> = {}) {
  shops += 1;
  return {
    connector: 'shop',
    name: 'My shop',
    config: { shopId: String(1_000 + shops) },
    credentials: { token: 'secret-token-of-the-shop' },
    ...values,
  };
}

/** Connects a new shop and returns the connection's id. */
export async function connectShop(harness: Harness, key = harness.admin): Promise<string> {
  const answer = await harness.ask('POST', '/v1/connections', { key, body: shopBody() });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json().id;
}

/** Starts a sync of the connection and returns the sync's id. */
export async function startOne(harness: Harness, connectionId: string): Promise<string> {
  const answer = await harness.ask('POST', `/v1/connections/${connectionId}/syncs`);
  if (answer.statusCode !== 202) throw new Error(answer.body);
  return answer.json().id;
}

/** Moves a sync as the engine would: only along legal transitions, which the database enforces. */
export async function moveSync(db: Database, syncId: string, status: string): Promise<void> {
  await db.sql`
    UPDATE syncs SET status = ${status}::sync_status, status_cause = 'test', status_worker = 'w1',
      started_at = coalesce(started_at, clock_timestamp()),
      finished_at = CASE WHEN ${status} IN ('completed', 'failed', 'cancelled') THEN clock_timestamp() END
    WHERE id = ${syncId}`;
}
