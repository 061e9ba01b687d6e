import type { Backend } from './backend.ts';
import { openPostgresBackend } from './backend-postgres.ts';
import { openRedisBackend } from './backend-redis.ts';
import type { ErrorReporter } from './error-reporter.ts';
import type { QueueConnectionOptions } from './options.ts';

/** Redis when an address is given, else PostgreSQL. Connects at first use; throws RedisUrlError. */
export function openBackend(options: QueueConnectionOptions, reporter: ErrorReporter): Backend {
  return options.redisUrl === undefined || options.redisUrl === ''
    ? openPostgresBackend(options.databaseUrl, reporter)
    : openRedisBackend(options.redisUrl, options.prefix ?? 'tidemark', reporter);
}
