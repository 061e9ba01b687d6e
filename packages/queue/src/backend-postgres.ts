import type { QueueName } from '@tidemark/core/queue';
import { type BackendFactory, type Queue, Queue as QueueOn } from 'bullmq';
import { AbandonableWorker } from './abandonable-worker.ts';
import {
  type Backend,
  type BackendWorker,
  type JobProcessor,
  QUEUE_OPTIONS,
  type WorkerSettings,
  workerOptions,
} from './backend.ts';
import { settlesWithin } from './deadline.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { PatientBackend, PostgresAccess, SCHEMA } from './postgres-access.ts';

/** How long open queries may take to end when the connections are closed, in milliseconds. */
const END_MS = 1_000;

/** The queue in PostgreSQL: BullMQ's own backend for it. Connects and migrates at first use. */
export function openPostgresBackend(databaseUrl: string, reporter: ErrorReporter): Backend {
  return new PostgresBackend(databaseUrl, reporter);
}

class PostgresBackend implements Backend {
  readonly kind = 'postgres';
  readonly #access: PostgresAccess;
  readonly #reporter: ErrorReporter;

  constructor(databaseUrl: string, reporter: ErrorReporter) {
    this.#access = new PostgresAccess(databaseUrl, reporter.report);
    this.#reporter = reporter;
  }

  openQueue(name: QueueName): Queue {
    const factory: BackendFactory<PatientBackend, PostgresAccess> = (queueName, options) =>
      new PatientBackend(this.#access, queueName, options);
    const queue = new QueueOn(name, { ...QUEUE_OPTIONS, connection: this.#access }, factory);
    queue.on('error', this.#reporter.report);
    return asRedisQueue(queue);
  }

  openWorker(name: QueueName, processor: JobProcessor, settings: WorkerSettings): BackendWorker {
    const factory: BackendFactory<PatientBackend, PostgresAccess> = (queueName, options) =>
      new PatientBackend(this.#access, queueName, options, queueName);
    const worker = new AbandonableWorker(
      name,
      processor,
      { ...workerOptions(settings), connection: this.#access },
      factory,
    );
    worker.on('error', this.#reporter.report);
    worker.on('stalled', settings.onStalled);
    return worker;
  }

  ready(): Promise<void> {
    return this.#access.ready();
  }

  async ping(): Promise<void> {
    await this.#access.query('SELECT 1');
  }

  /** Asks BullMQ's table itself: one statement instead of one per id. The version of BullMQ is pinned. */
  async unfinished(queue: Queue, ids: readonly string[]): Promise<Map<string, { delayed: boolean }>> {
    const { rows } = await this.#access.query<{ id: string; delayed: boolean }>(
      `SELECT id, state = 'delayed' AS delayed FROM ${SCHEMA}.job
        WHERE queue = $1 AND id = ANY($2::text[]) AND state NOT IN ('completed', 'failed')`,
      [queue.name, ids],
    );
    return new Map(rows.map(({ id, delayed }) => [id, { delayed }]));
  }

  async close(): Promise<void> {
    await settlesWithin(this.#access.end(), END_MS);
  }
}

/**
 * A queue on PostgreSQL under the type of one on Redis. They differ in the type of `getBackend()` alone, which
 * nothing of ours calls; Bull Board, which is typed for Redis, asks BullMQ's common interface.
 */
function asRedisQueue(queue: unknown): Queue {
  return queue as Queue;
}
