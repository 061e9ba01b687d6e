import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { migrate } from '@tidemark/db';
import { startEmbeddedPostgres } from '@tidemark/db/embedded';
import postgres from 'postgres';
import { findPostmaster } from '../../packages/db/src/embedded/postmaster-pid.ts';
import { isAlive, processIdentity } from '../../packages/db/src/embedded/process-identity.ts';
import { eventually } from '../../test/support/eventually.ts';
import { ask } from '../../test/support/services/ask.ts';
import { clusterOf } from '../../test/support/services/leftovers.ts';
import { openLifeline } from '../../test/support/services/lifeline.ts';
import { RUN_DIRECTORY } from '../../test/support/services/protocol.ts';
import { startRedisProcess } from '../../test/support/services/redis-process.ts';
import { childrenOf, cpuSecondsOf } from './cpu-time.ts';

/** What a benchmark runs on: servers of its own, which are gone with it, however it ends. */
export interface BenchServices {
  redisUrl: string;
  killRedis(): Promise<void>;
  /** Empty, at the same address. */
  startRedis(): Promise<void>;
  /** Redis dies and comes back empty. */
  restartRedis(): Promise<void>;
  /** `fast` ends sessions in order, `immediate` drops them and makes the next start recover. */
  restartPostgres(mode: 'fast' | 'immediate'): Promise<void>;
  /** CPU seconds that PostgreSQL's present processes have used so far. */
  postgresCpuSeconds(): Promise<number>;
  /** A migrated, empty database. Commits are durable, as in production. */
  createDatabase(): Promise<string>;
  end(): Promise<void>;
}

export async function openServices(): Promise<BenchServices> {
  const lifeline = await openLifeline();
  const directory = process.env[RUN_DIRECTORY] ?? '';
  const [server, redis] = await Promise.all([startServer(directory), openRedis(directory)]);
  return {
    ...server,
    ...redis,
    end: () => lifeline.release(),
  };
}

type RedisServices = Pick<BenchServices, 'redisUrl' | 'killRedis' | 'startRedis' | 'restartRedis'>;

async function openRedis(runDirectory: string): Promise<RedisServices> {
  const directory = path.join(runDirectory, 'bench-redis');
  await mkdir(directory);
  const start = async (port?: number) => {
    const running = await startRedisProcess(directory, 'none', port);
    await guardProcess(running.pid);
    return running;
  };
  let current = await start();
  const { port } = current;
  const killRedis = async () => {
    await current.end('SIGKILL');
  };
  const startRedis = async () => {
    current = await start(port);
  };
  return {
    redisUrl: `redis://127.0.0.1:${port}/0`,
    killRedis,
    startRedis,
    restartRedis: async () => {
      await killRedis();
      await startRedis();
    },
  };
}

async function startServer(
  runDirectory: string,
): Promise<Pick<BenchServices, 'createDatabase' | 'restartPostgres' | 'postgresCpuSeconds'>> {
  const dataDir = path.join(runDirectory, 'bench-postgres');
  await mkdir(dataDir, { mode: 0o755 });
  await ask('/guard', { kind: 'cluster', dataDir });
  const launch = () => startEmbeddedPostgres({ dataDir, settings: { max_connections: '200' } });
  let share = await launch();
  await migrate(share.url);
  const createDatabase = async (): Promise<string> => {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    const url = new URL(share.url);
    const template = url.pathname.slice(1);
    url.pathname = '/postgres';
    const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
    try {
      await sql`create database ${sql(name)} template ${sql(template)}`;
    } finally {
      await sql.end({ timeout: 5 });
    }
    url.pathname = `/${name}`;
    return url.href;
  };
  return {
    createDatabase,
    postgresCpuSeconds: async () => {
      const running = await findPostmaster(await clusterOf(dataDir));
      const pids = running === undefined ? [] : [running.pid, ...childrenOf(running.pid)];
      return pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    },
    restartPostgres: async (mode) => {
      await endServer(dataDir, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await share.stop();
      share = await launch();
    },
  };
}

async function endServer(dataDir: string, signal: NodeJS.Signals): Promise<void> {
  const running = await findPostmaster(await clusterOf(dataDir));
  const identity = running === undefined ? undefined : processIdentity(running.pid);
  if (running === undefined || identity === undefined) return;
  process.kill(running.pid, signal);
  await eventually(
    () => {
      if (isAlive(identity)) throw new Error(`PostgreSQL ignores ${signal}`);
    },
    { timeoutMs: 30_000 },
  );
}

/** Names a process that must be gone when the benchmark is. */
export async function guardProcess(pid: number): Promise<void> {
  const identity = processIdentity(pid);
  if (identity !== undefined) await ask('/guard', { kind: 'process', identity });
}
