import { randomUUID } from 'node:crypto';
import type { JobRequest } from '@tidemark/core/queue';
import type { JobHandler, JobOutcome, QueueLogger, Queues, QueueWorker } from '../src/index.ts';
import { openQueues, openWorker } from '../src/index.ts';

/** Where a suite runs, and how to take that away from it. */
export interface Place {
  redisUrl?: string;
  databaseUrl: string;
  prefix: string;
  /** How long a call may take; default: as long as a busy machine needs. */
  callMs?: number | undefined;
}

export interface LogLine {
  level: 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

/** A logger that remembers. */
export function recordingLogger(): QueueLogger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, message, fields });
  };
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

export function pageJob(over: { seq?: number; priority?: number; delayMs?: number; pickup?: number } = {}) {
  const { seq = 0, pickup = 0, priority = 5, delayMs = 0 } = over;
  return {
    name: 'sync-page',
    payload: { syncId: randomUUID(), seq, pickup },
    priority,
    delayMs,
  } satisfies JobRequest;
}

export function idOf(job: ReturnType<typeof pageJob>): string {
  return `${job.payload.syncId}-${job.payload.seq}-${job.payload.pickup}`;
}

/** One run of a handler, as it was seen. */
export interface Seen {
  seq: number;
  jobId: string;
  attemptsMade: number;
  at: number;
}

/** Everything one test opens, and closes again whatever happened. */
export class Stage {
  readonly logger = recordingLogger();
  readonly errors: Error[] = [];
  readonly place: Place;
  readonly queues: Queues;
  readonly #workers: QueueWorker[] = [];

  private constructor(place: Place, queues: Queues) {
    this.place = place;
    this.queues = queues;
  }

  static async open(place: Place): Promise<Stage> {
    const queues = await openQueues({ callMs: 60_000, ...place, logger: recordingLogger() });
    // In PostgreSQL all tests of a file share the tables.
    await Promise.all(queues.boardQueues().map((queue) => queue.obliterate({ force: true })));
    return new Stage(place, queues);
  }

  /** A started worker of the `sync` queue, and what its handler saw. */
  async worker(
    handle: (seen: Seen, signal: AbortSignal) => JobOutcome | Promise<JobOutcome>,
    concurrency = 1,
  ): Promise<{ worker: QueueWorker; seen: Seen[] }> {
    const seen: Seen[] = [];
    const handler: JobHandler<'sync-page'> = async (payload, { jobId, attemptsMade, signal }) => {
      const run = { seq: payload.seq, jobId, attemptsMade, at: Date.now() };
      seen.push(run);
      return handle(run, signal);
    };
    const worker = openWorker({
      ...this.place,
      queue: 'sync',
      concurrency,
      handlers: { 'sync-page': handler },
      logger: this.logger,
      onError: (error) => this.errors.push(error),
    });
    this.#workers.push(worker);
    await worker.start();
    return { worker, seen };
  }

  /** A started worker of the `system` queue, and the connections whose ticks its handler heard. */
  async bellWorker(
    hear: (connectionId: string) => JobOutcome | Promise<JobOutcome> = () => ({ kind: 'done' }),
  ): Promise<{ worker: QueueWorker; heard: string[] }> {
    const heard: string[] = [];
    const worker = openWorker({
      ...this.place,
      queue: 'system',
      concurrency: 1,
      handlers: {
        'schedule-tick': async ({ connectionId }) => {
          heard.push(connectionId);
          return hear(connectionId);
        },
      },
      logger: this.logger,
      onError: (error) => this.errors.push(error),
    });
    this.#workers.push(worker);
    await worker.start();
    return { worker, heard };
  }

  async status() {
    const all = await this.queues.status();
    const found = all.find((status) => status.queue === 'sync');
    if (found === undefined) {
      throw new Error('The queue "sync" has no status.');
    }
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop({ graceMs: 0 })));
    await this.queues.close();
  }
}

/** A promise and the function that resolves it: for handlers that wait for the test. */
export function gate(): { opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}
