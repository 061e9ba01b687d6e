import { isConnectionError } from './connection-errors.ts';
import type { QueueLogger } from './options.ts';

/** How long a repetition of the same error stays out of the log, in milliseconds. */
const REPEAT_MS = 30_000;
/** Keys remembered before the oldest is forgotten: an outage must not grow memory. */
const REMEMBERED = 500;

const LOST_JOB =
  /^(?:Missing (?:key|lock) for job |Lock mismatch for job |could not renew lock for job |Job (?=\S+ is not in the active state))([^\s.]+)/;

/**
 * What an error of the queue means.
 *
 * `lost`: the job was taken from its worker while it ran: its keys vanished (FLUSHALL), or its lock ran out and
 * another worker has it. The database decides what its work was worth, so this is no error of ours.
 */
export type ErrorClass = { kind: 'lost'; jobId: string } | { kind: 'connection' } | { kind: 'other' };

export function classifyError(error: Error): ErrorClass {
  const jobId = LOST_JOB.exec(error.message)?.[1];
  if (jobId !== undefined) {
    return { kind: 'lost', jobId };
  }
  return { kind: isConnectionError(error) ? 'connection' : 'other' };
}

/** Logs each trouble once per half minute: reconnecting clients report several errors a second for one outage. */
export class ErrorReporter {
  readonly #logger: QueueLogger;
  readonly #onError: ((error: Error) => void) | undefined;
  readonly #fields: Record<string, unknown>;
  readonly #lastLogged = new Map<string, number>();
  /** One error arrives several times: from its client, and from every queue that uses the client. */
  readonly #seen = new WeakSet<Error>();

  constructor(logger: QueueLogger, onError?: (error: Error) => void, fields: Record<string, unknown> = {}) {
    this.#logger = logger;
    this.#onError = onError;
    this.#fields = fields;
  }

  /** An arrow, so that it can be handed to `on('error', …)`. */
  readonly report = (error: Error): void => {
    if (this.#seen.has(error)) {
      return;
    }
    this.#seen.add(error);
    this.#onError?.(error);
    const found = classifyError(error);
    const key =
      found.kind === 'lost'
        ? `lost ${found.jobId}`
        : found.kind === 'connection'
          ? 'connection'
          : error.message;
    if (this.#isRepetition(key)) {
      return;
    }
    const fields = { ...this.#fields, err: error };
    if (found.kind === 'lost') {
      this.#logger.warn(
        { ...fields, jobId: found.jobId },
        'the queue no longer holds this job for this worker',
      );
    } else if (found.kind === 'connection') {
      this.#logger.warn(fields, 'the queue connection failed; reconnecting');
    } else {
      this.#logger.error(fields, 'the queue reported an error');
    }
  };

  #isRepetition(key: string): boolean {
    const now = Date.now();
    const last = this.#lastLogged.get(key);
    if (last !== undefined && now - last < REPEAT_MS) {
      return true;
    }
    this.#lastLogged.delete(key);
    this.#lastLogged.set(key, now);
    const oldest = this.#lastLogged.keys().next();
    if (this.#lastLogged.size > REMEMBERED && oldest.done !== true) {
      this.#lastLogged.delete(oldest.value);
    }
    return false;
  }
}
