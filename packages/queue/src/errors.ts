/** The backend did not answer in time, or answered with an error. Nothing is known about the job's fate: add it again. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError';
  readonly code = 'queue_unavailable';

  constructor(operation: string, options: { cause?: unknown; detail?: string } = {}) {
    const detail =
      options.detail ?? (options.cause instanceof Error ? options.cause.message : 'no answer in time');
    super(`The queue is not available (${operation}): ${detail}`, { cause: options.cause });
  }
}

/** A job request that does not fit the catalogue. A bug of the caller. */
export class InvalidJobError extends Error {
  override readonly name = 'InvalidJobError';
  readonly code = 'queue_job_invalid';
}

/** A worker was opened without a handler for a job of its queue. */
export class MissingHandlerError extends Error {
  override readonly name = 'MissingHandlerError';
  readonly code = 'queue_handler_missing';
}

/** The Redis address cannot be read. The message never repeats the address: it may hold a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
  readonly code = 'redis_url_invalid';
}

/** Any thrown value as an Error, so that what is logged always has a stack. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
