import { type Environment, parseEnvironment } from '@tidemark/core/config';
import { type Keyring, parseKeyring } from '@tidemark/db';

const ENCRYPTION_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** Where the engine under test finds its services and its source. */
export interface EngineAddresses {
  databaseUrl: string;
  /** Left out: BullMQ runs on PostgreSQL. */
  redisUrl?: string | undefined;
  graphUrl: string;
}

/** A sweep each second, for tests in which workers die or jobs are lost: recovery is quick. */
export const QUICK_RECOVERY = { SWEEP_SECONDS: '1' };

/**
 * What every program of the engine under test is started with. Sweeps are rare, so that nobody who stands still on a
 * busy machine is taken for dead: where that may happen, a test says so with `QUICK_RECOVERY`.
 */
export function engineVariables(
  addresses: EngineAddresses,
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    DATABASE_URL: addresses.databaseUrl,
    ...(addresses.redisUrl === undefined ? {} : { REDIS_URL: addresses.redisUrl }),
    META_GRAPH_URL: addresses.graphUrl,
    TIDEMARK_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
    TIDEMARK_MIGRATE: 'false',
    SWEEP_SECONDS: '60',
    LOG_LEVEL: 'info',
    ...overrides,
  };
}

/** Reads variables as the programs do; a bad one is an error. */
export function engineEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = parseEnvironment(variables);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.environment;
}

export function engineKeyring(): Keyring {
  return parseKeyring(ENCRYPTION_KEYS);
}
