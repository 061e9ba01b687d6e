import { z } from 'zod';

const ENCRYPTION_KEY = /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=$/;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** An empty variable means unset: Compose files and shells often pass one through. */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}

function integer(min: number, max: number, initial: number) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? initial : value),
    z.coerce
      .number({ error: `must be a whole number from ${min} to ${max}` })
      .int({ error: `must be a whole number from ${min} to ${max}` })
      .min(min, { error: `must be at least ${min}` })
      .max(max, { error: `must be at most ${max}` }),
  );
}

function flag(initial: boolean) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? String(initial) : value),
    z.enum(['true', 'false'], { error: 'must be true or false' }).transform((word) => word === 'true'),
  );
}

function text(initial: string) {
  return z.preprocess((value) => (value === undefined || value === '' ? initial : value), z.string());
}

function startsWith(protocols: readonly string[]) {
  return z.string().refine((value) => protocols.some((protocol) => value.startsWith(protocol)), {
    error: `must start with ${protocols.join(' or ')}`,
  });
}

function url(protocols: readonly string[]) {
  return optional(startsWith(protocols));
}

function urlOr(protocols: readonly string[], initial: string) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? initial : value),
    startsWith(protocols),
  );
}

/** Every variable the programs read. `.env.example` lists the same ones. */
const environmentSchema = z.object({
  DATABASE_URL: url(['postgres://', 'postgresql://']),
  REDIS_URL: url(['redis://', 'rediss://', 'redis+cluster://', 'redis+sentinel://']),
  HOST: text('127.0.0.1'),
  PORT: integer(0, 65_535, 3000),
  TIDEMARK_DATA_DIR: text('./.tidemark'),
  TIDEMARK_MIGRATE: flag(true),
  TIDEMARK_ADMIN_KEY: optional(z.string().min(16, { error: 'must have at least 16 characters' })),
  TIDEMARK_ENCRYPTION_KEYS: optional(
    z.string().refine((value) => value.split(',').every((key) => ENCRYPTION_KEY.test(key.trim())), {
      error: 'must be id:base64 of 32 bytes, comma separated, newest first (openssl rand -base64 32)',
    }),
  ),
  TIDEMARK_ALLOW_INTERNAL_TARGETS: flag(false),
  WORKER_CONCURRENCY: integer(1, 500, 10),
  LEASE_SECONDS: integer(5, 86_400, 300),
  SWEEP_SECONDS: integer(1, 3_600, 5),
  META_GRAPH_URL: urlOr(['https://', 'http://'], 'https://graph.facebook.com'),
  META_GRAPH_VERSION: z.preprocess(
    (value) => (value === undefined || value === '' ? 'v26.0' : value),
    z.string().regex(/^v\d+\.\d+$/, { error: 'must look like v26.0' }),
  ),
  META_APP_SECRET: optional(z.string().min(1)),
  META_VERIFY_TOKEN: optional(z.string().min(1)),
  WEBHOOK_RETENTION_DAYS: integer(1, 3_650, 14),
  SPAPI_URL: urlOr(['https://', 'http://'], 'https://sellingpartnerapi-na.amazon.com'),
  LWA_URL: urlOr(['https://', 'http://'], 'https://api.amazon.com'),
  AI_BASE_URL: url(['https://', 'http://']),
  AI_API_KEY: optional(z.string().min(1)),
  AI_MODEL: optional(z.string().min(1)),
  BLOB_URL: url(['file:///', 's3://']),
  CLAUDE_CONFIG_DIR: optional(z.string()),
  SESSION_ROOTS: optional(z.string()),
  LOG_LEVEL: z.preprocess(
    (value) => (value === undefined || value === '' ? 'info' : value),
    z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }),
  ),
});

export type Environment = z.infer<typeof environmentSchema>;

export type ParsedEnvironment =
  | { ok: true; environment: Environment }
  /** One line per problem, each naming the variable and the remedy. Values are not repeated: they may be secret. */
  | { ok: false; problems: string[] };

/**
 * Reads and checks the environment once, at start. Variables of ours that do not exist (`TIDEMARK_…` with a
 * typing mistake) are problems too; foreign ones are not ours to judge.
 */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): ParsedEnvironment {
  const problems: string[] = [];
  for (const name of Object.keys(variables)) {
    if (
      name.startsWith('TIDEMARK_') &&
      !Object.hasOwn(environmentSchema.shape, name) &&
      !INTERNAL.has(name)
    ) {
      problems.push(`${name}: unknown variable. See .env.example for the ones that exist.`);
    }
  }
  const parsed = environmentSchema.safeParse(variables);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  } else if (parsed.data.DATABASE_URL !== undefined && parsed.data.TIDEMARK_ENCRYPTION_KEYS === undefined) {
    problems.push(
      'TIDEMARK_ENCRYPTION_KEYS: is required with DATABASE_URL. Set it to id:base64 of 32 bytes (openssl rand -base64 32).',
    );
  }
  if (problems.length > 0 || !parsed.success) return { ok: false, problems };
  return { ok: true, environment: parsed.data };
}

/** Set by the scripts and the tests, not by users. */
const INTERNAL = new Set(['TIDEMARK_ROOT', 'TIDEMARK_NODE', 'TIDEMARK_BOOTSTRAP']);
