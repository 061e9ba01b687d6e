/** The part of a pino logger that the queue writes to. */
export interface QueueLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Where the queue lives, and who hears about its troubles. */
export interface QueueConnectionOptions {
  /** Redis when given (see `parseRedisUrl` for the forms), else PostgreSQL at `databaseUrl`. */
  redisUrl?: string | undefined;
  databaseUrl: string;
  /** Namespace of the keys in Redis; default `tidemark`. In PostgreSQL the schema `bullmq` is the namespace. */
  prefix?: string | undefined;
  logger: QueueLogger;
  /** Every call is answered or rejected within this time, in milliseconds; default 1800. */
  callMs?: number | undefined;
  /** Hears every error of a connection or of the queue itself, also those the log leaves out as repetitions. */
  onError?: ((error: Error) => void) | undefined;
}
