import {
  JOBS,
  type JobName,
  type JobRequest,
  jobIdOf,
  QUEUE_NAMES,
  type QueueName,
} from '@tidemark/core/queue';
import type { JobsOptions, Queue } from 'bullmq';
import type { Backend } from './backend.ts';
import { settlesWithin, within } from './deadline.ts';
import { ErrorReporter } from './error-reporter.ts';
import { asError, InvalidJobError, QueueUnavailableError } from './errors.ts';
import { openBackend } from './open-backend.ts';
import type { QueueConnectionOptions } from './options.ts';
import { raise } from './raise.ts';
import {
  listSchedulers,
  queueOfScheduled,
  type ScheduledJobName,
  type SchedulerRequest,
  type SchedulerState,
  upsertScheduler,
} from './schedulers.ts';
import { type QueueStatus, readStatus } from './status.ts';

/** The identity of a job: its id follows from these. */
export interface JobReference {
  name: JobName;
  payload: JobRequest['payload'];
}

/** What the rest of the product sees of the queue. Every method but `close` rejects with QueueUnavailableError. */
export interface Queues {
  readonly backend: 'redis' | 'postgres';
  /** Adds a job once: an id the queue knows already is left as it is. Throws InvalidJobError for one that does not fit. */
  add(job: JobRequest): Promise<void>;
  /** As `add`. On a rejection some of the jobs may have been added; adding all of them again is safe. */
  addMany(jobs: readonly JobRequest[]): Promise<void>;
  /** Whether the job waits, is delayed or runs; false when it is finished or unknown. */
  isQueued(name: JobName, payload: JobRequest['payload']): Promise<boolean>;
  /**
   * The ids of those that are queued, for several hundred at once. With `delayed: false` only of those that wait for
   * nothing but a worker, or run.
   */
  whichQueued(jobs: readonly JobReference[], options?: { delayed?: boolean }): Promise<Set<string>>;
  /**
   * Puts jobs that wait forward to their priority, each behind those that wait with it; one that is there or further
   * stays. Returns the ids of those that were moved.
   */
  raise(jobs: readonly JobRequest[]): Promise<string[]>;
  /**
   * Lets the job come at the times of its timing, from the next one on. One scheduler for each name and payload: it is
   * replaced when it exists. On PostgreSQL, of several calls for the same one at once some may be rejected; calling
   * again is safe. A ring that nobody takes waits alone; the next one comes once it was taken.
   */
  upsertScheduler(request: SchedulerRequest): Promise<void>;
  /** Ends it, with the ring that waits. Does nothing when there is none. */
  removeScheduler(name: ScheduledJobName, schedulerId: string): Promise<void>;
  /** All schedulers of a job's queue. */
  listSchedulers(name: ScheduledJobName): Promise<SchedulerState[]>;
  status(): Promise<QueueStatus[]>;
  /** Rejects when the backend does not answer: for readiness. */
  ping(): Promise<void>;
  /** The queues for Bull Board's `BullMQAdapter`. Mount it behind a key: it has none of its own. */
  boardQueues(): readonly Queue[];
  /** Drops the connections. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Every call is answered or rejected within this time unless told otherwise, in milliseconds. */
const CALL_MS = 1_800;
/** Calls the backend has not answered. Beyond this a call is rejected at once, so that an outage cannot fill memory. */
const MAX_UNANSWERED = 5_000;
/** BullMQ's highest rank. */
const MAX_PRIORITY = 2_097_151;
/** Jobs or ids in one call to the backend. */
const BATCH = 500;

const JOB_OPTIONS: JobsOptions = {
  // The handler decides when to give up, and says so with `fail`.
  attempts: 1_000_000,
  backoff: { type: 'ours' },
  stackTraceLimit: 2,
  // Kept for a look in Bull Board. Bounded by number, as an idle queue forgets nothing by age.
  removeOnComplete: { age: 3_600, count: 500 },
  removeOnFail: { age: 7 * 86_400, count: 1_000 },
};

/**
 * Opens the queues. Resolves when connected, or after two seconds while the backend is away: calls are then
 * rejected until it is there. Throws RedisUrlError.
 */
export async function openQueues(options: QueueConnectionOptions): Promise<Queues> {
  const backend = openBackend(options, new ErrorReporter(options.logger, options.onError));
  const queues = new BackedQueues(backend, options.callMs ?? CALL_MS);
  await queues.firstContact();
  return queues;
}

class BackedQueues implements Queues {
  readonly #backend: Backend;
  readonly #queues: ReadonlyMap<QueueName, Queue>;
  readonly #callMs: number;
  #unanswered = 0;
  #closing: Promise<void> | undefined;

  constructor(backend: Backend, callMs: number) {
    this.#backend = backend;
    this.#callMs = callMs;
    this.#queues = new Map(QUEUE_NAMES.map((name) => [name, backend.openQueue(name)]));
  }

  get backend(): 'redis' | 'postgres' {
    return this.#backend.kind;
  }

  async firstContact(): Promise<void> {
    const deadline = Date.now() + CALL_MS;
    let there = false;
    while (!there && Date.now() < deadline) {
      const contact = this.#backend.ready().then(() => {
        there = true;
      });
      await settlesWithin(contact, Math.max(0, deadline - Date.now()));
      // A refused connection is refused at once; without a breath this would spin.
      await settlesWithin(Promise.withResolvers<void>().promise, there ? 0 : 50);
    }
  }

  add(job: JobRequest): Promise<void> {
    return this.addMany([job]);
  }

  async addMany(jobs: readonly JobRequest[]): Promise<void> {
    const byQueue = Map.groupBy(jobs.map(toBulkJob), (job) => job.queue);
    const batches = [...byQueue].flatMap(([queue, group]) =>
      chunks(group).map((chunk) => ({ queue, chunk })),
    );
    for (const { queue, chunk } of batches) {
      await this.#call('add', async () => {
        await this.#queue(queue).addBulk(chunk);
      });
    }
  }

  async isQueued(name: JobName, payload: JobRequest['payload']): Promise<boolean> {
    return (await this.whichQueued([{ name, payload }])).size > 0;
  }

  async whichQueued(
    jobs: readonly JobReference[],
    { delayed: withDelayed = true }: { delayed?: boolean } = {},
  ): Promise<Set<string>> {
    const wanted = jobs.map(({ name, payload }) => ({
      queue: JOBS[name].queue,
      id: checkedId(name, payload),
    }));
    const found = new Set<string>();
    for (const [queue, group] of Map.groupBy(wanted, (job) => job.queue)) {
      for (const chunk of chunks(group)) {
        const ids = chunk.map((job) => job.id);
        const unfinished = await this.#call('whichQueued', () =>
          this.#backend.unfinished(this.#queue(queue), ids),
        );
        for (const [id, { delayed }] of unfinished) {
          if (withDelayed || !delayed) {
            found.add(id);
          }
        }
      }
    }
    return found;
  }

  async raise(jobs: readonly JobRequest[]): Promise<string[]> {
    const moved: string[] = [];
    for (const [queue, group] of Map.groupBy(jobs.map(toBulkJob), (job) => job.queue)) {
      for (const chunk of chunks(group)) {
        const raises = chunk.map(({ opts }) => ({ id: opts.jobId, priority: opts.priority }));
        moved.push(...(await this.#call('raise', () => raise(this.#queue(queue), raises))));
      }
    }
    return moved;
  }

  upsertScheduler(request: SchedulerRequest): Promise<void> {
    checkedId(request.name, request.payload);
    const queue = this.#queue(queueOfScheduled(request.name));
    return this.#call('upsertScheduler', () => upsertScheduler(queue, request));
  }

  async removeScheduler(name: ScheduledJobName, schedulerId: string): Promise<void> {
    const queue = this.#queue(queueOfScheduled(name));
    await this.#call('removeScheduler', () => queue.removeJobScheduler(schedulerId));
  }

  listSchedulers(name: ScheduledJobName): Promise<SchedulerState[]> {
    const queue = this.#queue(queueOfScheduled(name));
    return listSchedulers((first, last) =>
      this.#call('listSchedulers', () => queue.getJobSchedulers(first, last, true)),
    );
  }

  status(): Promise<QueueStatus[]> {
    return this.#call('status', () =>
      Promise.all([...this.#queues].map(([name, queue]) => readStatus(name, queue))),
    );
  }

  ping(): Promise<void> {
    return this.#call('ping', () => this.#backend.ping());
  }

  boardQueues(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  close(): Promise<void> {
    this.#closing ??= this.#backend.close();
    return this.#closing;
  }

  #queue(name: QueueName): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) {
      throw new InvalidJobError(`There is no queue "${name}".`);
    }
    return queue;
  }

  /** One call to the backend: bounded in time and number, and any failure of it is QueueUnavailableError. */
  async #call<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) {
      throw new QueueUnavailableError(operation, { detail: 'it was closed' });
    }
    if (this.#unanswered >= MAX_UNANSWERED) {
      throw new QueueUnavailableError(operation, { detail: `${MAX_UNANSWERED} calls wait for an answer` });
    }
    this.#unanswered += 1;
    const answer = this.#backend
      .ready()
      .then(work)
      .finally(() => {
        this.#unanswered -= 1;
      });
    try {
      return await within(answer, this.#callMs, () => new QueueUnavailableError(operation));
    } catch (thrown) {
      throw thrown instanceof QueueUnavailableError
        ? thrown
        : new QueueUnavailableError(operation, { cause: asError(thrown) });
    }
  }
}

function toBulkJob({ name, payload, delayMs = 0, priority }: JobRequest) {
  const jobId = checkedId(name, payload);
  if (!Number.isInteger(priority) || priority < 1 || priority > MAX_PRIORITY) {
    throw new InvalidJobError(`The priority of the job ${jobId} must be a whole number from 1.`);
  }
  const delay = Math.max(0, Math.round(delayMs));
  return { queue: JOBS[name].queue, name, data: payload, opts: { ...JOB_OPTIONS, jobId, priority, delay } };
}

function checkedId(name: JobName, payload: unknown): string {
  try {
    return jobIdOf(name, payload);
  } catch (cause) {
    throw new InvalidJobError(`The payload does not fit the job "${name}".`, { cause });
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_value, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}
