import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { settlesWithin } from './deadline.ts';
import { asError } from './errors.ts';
import { classifyError, type ErrorReporter } from './error-reporter.ts';
import type { BoundHandler } from './job-handlers.ts';
import type { QueueLogger } from './options.ts';
import { type JobOutcome, RetryRequested } from './outcome.ts';

/** Between attempts to put a job back while the backend is away, in milliseconds. */
const PUT_BACK_RETRY_MS = 500;

/** Turns handlers into BullMQ's processor, and outcomes into the errors BullMQ is steered with. */
export class JobRunner {
  readonly #handlers: ReadonlyMap<string, BoundHandler>;
  readonly #logger: QueueLogger;
  readonly #reporter: ErrorReporter;
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();

  constructor(handlers: ReadonlyMap<string, BoundHandler>, logger: QueueLogger, reporter: ErrorReporter) {
    this.#handlers = handlers;
    this.#logger = logger;
    this.#reporter = reporter;
  }

  /** BullMQ's processor. Rejects to say anything else than `done`. */
  readonly process = (job: Job, token?: string): Promise<void> => {
    const run = this.#run(job, token ?? '');
    const tracked = run.catch(() => undefined).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return run;
  };

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Settles when what runs now has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  abort(): void {
    this.#abort.abort(new Error('The worker is stopping.'));
  }

  async #run(job: Job, token: string): Promise<void> {
    const outcome = await this.#outcome(job);
    if (outcome.kind === 'wait') {
      await this.#putBack(job, token, outcome.until);
    } else if (outcome.kind === 'retry') {
      throw new RetryRequested(outcome.reason, outcome.delayMs);
    } else if (outcome.kind === 'fail') {
      throw new UnrecoverableError(outcome.reason);
    }
  }

  async #outcome(job: Job): Promise<JobOutcome> {
    const jobId = job.id ?? '';
    const handler = this.#handlers.get(job.name);
    if (handler === undefined) {
      return { kind: 'fail', reason: `This worker knows no job "${job.name}".` };
    }
    const payload: unknown = job.data;
    try {
      return await handler(payload, { jobId, attemptsMade: job.attemptsMade, signal: this.#abort.signal });
    } catch (thrown) {
      const error = asError(thrown);
      this.#logger.error(
        { err: error, stack: error.stack, job: job.name, jobId, attemptsMade: job.attemptsMade },
        'a job handler threw: this is a bug; the job will be tried again',
      );
      throw error;
    }
  }

  /**
   * Moves the job to the delayed ones. A backend that is away is asked again until the worker stops: to give up
   * would count as a failed attempt. A job that is no longer ours needs nothing more.
   */
  async #putBack(job: Job, token: string, until: Date): Promise<never> {
    for (;;) {
      try {
        await job.moveToDelayed(until.getTime(), token);
        break;
      } catch (thrown) {
        const error = asError(thrown);
        this.#reporter.report(error);
        if (classifyError(error).kind !== 'connection' || this.#abort.signal.aborted) {
          break;
        }
        await settlesWithin(this.#aborted(), PUT_BACK_RETRY_MS);
      }
    }
    throw new DelayedError();
  }

  #aborted(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#abort.signal.addEventListener('abort', () => resolve(), { once: true });
    return promise;
  }
}
