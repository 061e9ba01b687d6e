import { resolve } from 'node:path';
import type { Environment } from '@tidemark/core/config';
import { migrate } from '../migrate.ts';
import { type Keyring, parseKeyring } from '../secrets/keyring.ts';
import { readOrCreateKeyring } from './encryption-key-file.ts';

/** The part of a pino logger this needs. */
export interface BootstrapLogger {
  info(message: string): void;
  warn(message: string): void;
}

export interface PreparedDatabase {
  url: string;
  /** Opens and seals the credentials of connections. */
  keyring: Keyring;
  /** Gives back what was started here: the embedded server stops when nobody uses it. Idempotent. */
  stop(): Promise<void>;
}

/**
 * What every program does first: finds its PostgreSQL (the given one, else the embedded one of the data
 * directory), the keys for its secrets, and brings the schema up to date unless TIDEMARK_MIGRATE is false.
 * Relative paths are taken from `cwd`. May be called by several processes at once.
 */
export async function prepareDatabase(options: {
  environment: Environment;
  cwd: string;
  logger: BootstrapLogger;
}): Promise<PreparedDatabase> {
  const { environment, cwd, logger } = options;
  const server = await findServer(environment, cwd, logger);
  try {
    const given = environment.TIDEMARK_ENCRYPTION_KEYS;
    const keyring =
      given === undefined
        ? await readOrCreateKeyring(resolve(cwd, environment.TIDEMARK_DATA_DIR))
        : parseKeyring(given);
    if (environment.TIDEMARK_MIGRATE) await migrate(server.url);
    return { url: server.url, keyring, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function findServer(
  environment: Environment,
  cwd: string,
  logger: BootstrapLogger,
): Promise<{ url: string; stop(): Promise<void> }> {
  if (environment.DATABASE_URL !== undefined) {
    return { url: environment.DATABASE_URL, stop: () => Promise.resolve() };
  }
  // Loaded only then: an installation with a database of its own does not need the server's package.
  const { startEmbeddedPostgres } = await import('../embedded/index.ts');
  return startEmbeddedPostgres({ dataDir: resolve(cwd, environment.TIDEMARK_DATA_DIR), logger });
}
