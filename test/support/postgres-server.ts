import { afterAll } from '@jest/globals';
import { startEmbeddedPostgres } from '../../packages/db/src/embedded/index.ts';
import { findPostmaster } from '../../packages/db/src/embedded/postmaster-pid.ts';
import { isAlive, processIdentity } from '../../packages/db/src/embedded/process-identity.ts';
import { migrate } from '../../packages/db/src/migrate.ts';
import { eventually } from './eventually.ts';
import { findFreePort } from './free-port.ts';
import { ask } from './services/ask.ts';
import { clusterOf } from './services/leftovers.ts';
import { createTempDirectory } from './temp-directory.ts';
import { requireTier } from './test-tier.ts';

/** A PostgreSQL server of a test's own, to be restarted and killed. */
export interface TestPostgresServer {
  /** Stays the same over restarts. */
  url: string;
  /** `fast` ends sessions in order, `immediate` drops them and makes the next start recover. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** SIGKILL of the postmaster; the server stays down until `start`. */
  kill(): Promise<void>;
  /** Starts the server again after `kill` or `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** How a test's own server is started. */
export interface TestPostgresServerOptions {
  /** Default true. */
  migrated?: boolean;
  /** Server settings, such as `max_connections`. */
  settings?: Record<string, string>;
}

/**
 * What a server needs no care for when only processes die and the machine does not. Commits are still written
 * before they are acknowledged, so what a test loses here would be lost in production.
 */
const SURVIVES_PROCESSES = { fsync: 'off', full_page_writes: 'off' };

const started: TestPostgresServer[] = [];

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()));
});

/** Starts a server for this test file alone; it is gone at the latest when the file is done. */
export async function startPostgresServer(
  options: TestPostgresServerOptions = {},
): Promise<TestPostgresServer> {
  requireTier('pg', 'startPostgresServer');
  const dataDir = await createTempDirectory('postgres');
  await ask('/guard', { kind: 'cluster', dataDir });
  const port = await findFreePort();
  const settings = { ...SURVIVES_PROCESSES, ...options.settings };
  const launch = () => startEmbeddedPostgres({ dataDir, port, settings });
  let share = await launch();
  const { url } = share;
  if (options.migrated !== false) await migrate(url);
  const stop = () => share.stop();
  const start = async () => {
    share = await launch();
  };
  const end = async (signal: NodeJS.Signals) => {
    await signalPostmaster(dataDir, signal);
    await stop();
  };
  const server: TestPostgresServer = {
    url,
    start,
    stop,
    kill: () => end('SIGKILL'),
    restart: async (mode) => {
      await end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await start();
    },
  };
  started.push(server);
  return server;
}

async function signalPostmaster(dataDir: string, signal: NodeJS.Signals): Promise<void> {
  const running = await findPostmaster(await clusterOf(dataDir));
  const identity = running === undefined ? undefined : processIdentity(running.pid);
  if (running === undefined || identity === undefined) return;
  process.kill(running.pid, signal);
  await eventually(
    () => {
      if (isAlive(identity)) throw new Error(`PostgreSQL ignores ${signal}`);
    },
    { timeoutMs: 120_000 },
  );
}
