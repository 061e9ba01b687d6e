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

/** What every program of the engine under test is started with. A sweep each second makes recovery quick. */
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
    SWEEP_SECONDS: '1',
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
