import type { QueueName } from '@tidemark/core/queue';
import type { Backend, BackendWorker } from './backend.ts';
import { settlesWithin } from './deadline.ts';
import { ErrorReporter } from './error-reporter.ts';
import { asError } from './errors.ts';
import { type BoundHandler, bindHandlers, type JobHandlers } from './job-handlers.ts';
import { openBackend } from './open-backend.ts';
import type { QueueConnectionOptions } from './options.ts';
import { backoffMs } from './outcome.ts';
import { JobRunner } from './process-job.ts';

export interface QueueWorkerOptions extends QueueConnectionOptions {
  queue: QueueName;
  /** Jobs at once. */
  concurrency: number;
  /** One for each job of the queue. */
  handlers: JobHandlers;
}

export interface QueueWorker {
  readonly running: boolean;
  /**
   * Starts to take jobs. Resolves when connected, or after two seconds while the backend is away: the worker then
   * goes on trying for ever. Does nothing when it runs already. May be called again after `stop`.
   */
  start(): Promise<void>;
  /**
   * Takes no more jobs, and waits for the running ones. After `graceMs` milliseconds their signal aborts; a second
   * later the connections are dropped in any case, and what still runs is handed to another worker when its lock
   * runs out. Calls at the same time share one stop. Never rejects.
   */
  stop(options: { graceMs: number }): Promise<void>;
}

/** How long `start` waits for the first contact, in milliseconds. */
const CONNECT_MS = 2_000;
/** How long handlers have after their signal, and an idle worker for its farewell, in milliseconds. */
const FAREWELL_MS = 1_000;

/** A worker for one queue, not yet started. Throws MissingHandlerError, and at `start` RedisUrlError. */
export function openWorker(options: QueueWorkerOptions): QueueWorker {
  return new ReconnectingWorker(options, bindHandlers(options.queue, options.handlers));
}

/** What exists between a start and a stop. A BullMQ worker cannot be started twice, so each start makes anew. */
interface Run {
  backend: Backend;
  worker: BackendWorker;
  runner: JobRunner;
}

class ReconnectingWorker implements QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #handlers: ReadonlyMap<string, BoundHandler>;
  readonly #reporter: ErrorReporter;
  #run: Run | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<void> = Promise.resolve();

  constructor(options: QueueWorkerOptions, handlers: ReadonlyMap<string, BoundHandler>) {
    this.#options = options;
    this.#handlers = handlers;
    this.#reporter = new ErrorReporter(options.logger, options.onError, { queue: options.queue });
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  async start(): Promise<void> {
    if (this.#run === undefined) {
      this.#run = this.#launch();
      this.#starting = this.#firstContact(this.#run);
    }
    await this.#starting;
  }

  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    const run = this.#run;
    if (run !== undefined) {
      this.#run = undefined;
      this.#stopping = Promise.all([this.#stopping, this.#halt(run, graceMs)]).then(() => undefined);
    }
    await this.#stopping;
  }

  #launch(): Run {
    const { queue, concurrency, logger } = this.#options;
    const backend = openBackend(this.#options, this.#reporter);
    const runner = new JobRunner(this.#handlers, logger, this.#reporter);
    const worker = backend.openWorker(queue, runner.process, {
      concurrency,
      backoffMs,
      onStalled: (jobId) => {
        logger.warn({ queue, jobId }, 'a job whose worker died or stood still is handed out again');
      },
    });
    worker.run().catch((error: unknown) => this.#reporter.report(asError(error)));
    return { backend, worker, runner };
  }

  async #firstContact(run: Run): Promise<void> {
    await settlesWithin(run.worker.waitUntilReady(), CONNECT_MS);
  }

  /** A busy worker gets its grace. An idle one has only to say goodbye, which takes long when nobody is there. */
  async #halt({ backend, worker, runner }: Run, graceMs: number): Promise<void> {
    const end = Date.now() + graceMs;
    const closed = worker.close().catch((error: unknown) => this.#reporter.report(asError(error)));
    await settlesWithin(Promise.race([closed, runner.idle()]), graceMs);
    if (!runner.busy) {
      await settlesWithin(closed, FAREWELL_MS);
    }
    // A job that was on its way when the stop began is running now, and has what is left of the grace.
    if (runner.busy) {
      await settlesWithin(closed, Math.max(0, end - Date.now()));
      runner.abort();
      await settlesWithin(closed, FAREWELL_MS);
    }
    runner.abort();
    await settlesWithin(worker.abandon(), FAREWELL_MS);
    await backend.close();
  }
}
