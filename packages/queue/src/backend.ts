import type { QueueName } from '@tidemark/core/queue';
import type { Processor, Queue } from 'bullmq';
import { repeatStrategy } from './schedulers.ts';

export interface WorkerSettings {
  concurrency: number;
  /** The wait before the next attempt, in milliseconds. */
  backoffMs(attemptsMade: number, error: Error | undefined): number;
  /** Hears of each job that is handed out again because its worker died or stood still. */
  onStalled(jobId: string): void;
}

/** What is asked of a BullMQ worker once it is made. */
export interface BackendWorker {
  run(): Promise<void>;
  waitUntilReady(): Promise<void>;
  close(): Promise<void>;
  abandon(): Promise<void>;
}

export type JobProcessor = Processor<unknown, void>;

/** One set of connections to where the queue lives. What differs between Redis and PostgreSQL is behind this. */
export interface Backend {
  readonly kind: 'redis' | 'postgres';
  /** A queue object that outlives every outage of the backend. */
  openQueue(name: QueueName): Queue;
  /** A worker that is not yet running. At most one per backend. */
  openWorker(name: QueueName, processor: JobProcessor, settings: WorkerSettings): BackendWorker;
  /** Resolves when calls have a chance; rejects soon when they have not. */
  ready(): Promise<void>;
  ping(): Promise<void>;
  /** The ids whose job waits, is delayed or runs; each with whether it is delayed. */
  unfinished(queue: Queue, ids: readonly string[]): Promise<Map<string, { delayed: boolean }>>;
  /** Drops the connections, whatever they are doing. Does not reject. */
  close(): Promise<void>;
}

/**
 * How long a worker owns a job without a sign of life, in milliseconds. A killed worker's job is taken up again
 * after at most this plus one stalled check. Locks are renewed every second, so an event loop may stand still
 * for four seconds before its jobs are given to another worker (which costs a repeated page, never a wrong one).
 */
export const LOCK_MS = 6_000;
export const STALLED_CHECK_MS = 2_000;

/** What every worker is opened with, on both backends. */
export function workerOptions(settings: WorkerSettings) {
  return {
    autorun: false,
    concurrency: settings.concurrency,
    lockDuration: LOCK_MS,
    lockRenewTime: STALLED_CHECK_MS,
    stalledInterval: STALLED_CHECK_MS,
    // A job is never given up because its workers died: the database decides when a page has had its chances.
    maxStalledCount: 1_000_000,
    // After a connection error. The default of 15 s would leave a worker idle long after Redis is back.
    runRetryDelay: 500,
    settings: {
      backoffStrategy: (attemptsMade: number, _type?: string, error?: Error) =>
        settings.backoffMs(attemptsMade, error),
      repeatStrategy,
    },
  };
}

/** Nobody reads BullMQ's event stream here, so it is kept as short as it may be. */
export const QUEUE_OPTIONS = { streams: { events: { maxLen: 100 } }, settings: { repeatStrategy } } as const;
