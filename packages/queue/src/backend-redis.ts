import type { QueueName } from '@tidemark/core/queue';
import { type BackendFactory, Queue, QueueKeys, RedisConnection, RedisQueueBackend } from 'bullmq';
import { AbandonableWorker } from './abandonable-worker.ts';
import {
  type Backend,
  type BackendWorker,
  type JobProcessor,
  QUEUE_OPTIONS,
  type WorkerSettings,
  workerOptions,
} from './backend.ts';
import { within } from './deadline.ts';
import { QueueUnavailableError } from './errors.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { connectRedis, type RedisClient } from './redis-client.ts';

/** How long a call waits for a connection that is being made, in milliseconds. */
const READY_WAIT_MS = 500;

/** The queue in Redis. Connects in the background and for ever; throws RedisUrlError. */
export function openRedisBackend(url: string, prefix: string, reporter: ErrorReporter): Backend {
  return new RedisBackend(url, prefix, reporter);
}

class RedisBackend implements Backend {
  readonly kind = 'redis';
  readonly #url: string;
  readonly #prefix: string;
  readonly #reporter: ErrorReporter;
  readonly #client: RedisClient;
  #blocking: RedisClient | undefined;
  #waiter: Promise<void> | undefined;

  constructor(url: string, prefix: string, reporter: ErrorReporter) {
    this.#url = url;
    // In a cluster all keys of a queue must be in one slot, which is what the braces do.
    this.#prefix = prefix.includes('{') ? prefix : `{${prefix}}`;
    this.#reporter = reporter;
    this.#client = connectRedis(url, { onError: reporter.report });
  }

  openQueue(name: QueueName): Queue {
    const queue = new Queue(name, { ...QUEUE_OPTIONS, connection: this.#client, prefix: this.#prefix });
    queue.on('error', this.#reporter.report);
    return queue;
  }

  /** The blocking connection is ours rather than a duplicate that BullMQ makes, so that `close` reaches it. */
  openWorker(name: QueueName, processor: JobProcessor, settings: WorkerSettings): BackendWorker {
    const client = this.#client;
    const blockingClient = connectRedis(this.#url, { onError: this.#reporter.report, blocking: true });
    this.#blocking = blockingClient;
    const keys = new QueueKeys(this.#prefix);
    const factory: BackendFactory<RedisQueueBackend, RedisClient> = (queueName, options) =>
      new RedisQueueBackend(
        new RedisConnection(client, { shared: true, blocking: false }),
        queueName,
        keys.getKeys(queueName),
        (type) => keys.toKey(queueName, type),
        options,
        new RedisConnection(blockingClient, { shared: true, blocking: true }),
      );
    const options = { ...workerOptions(settings), connection: client, prefix: this.#prefix };
    const worker = new AbandonableWorker(name, processor, options, factory);
    worker.on('error', this.#reporter.report);
    worker.on('stalled', settings.onStalled);
    return worker;
  }

  /** All callers share one waiter: an outage with many calls must not pile up listeners. */
  ready(): Promise<void> {
    if (this.#client.status === 'ready') {
      return Promise.resolve();
    }
    this.#waiter ??= this.#untilReady().finally(() => {
      this.#waiter = undefined;
    });
    return this.#waiter;
  }

  async #untilReady(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#client.once('ready', resolve);
    try {
      await within(
        promise,
        READY_WAIT_MS,
        () => new QueueUnavailableError('connect', { detail: 'Redis is away' }),
      );
    } finally {
      this.#client.off('ready', resolve);
    }
  }

  async ping(): Promise<void> {
    await this.#client.ping();
  }

  /** The calls share one socket, so a few hundred cost about one round trip. */
  async unfinished(queue: Queue, ids: readonly string[]): Promise<Map<string, { delayed: boolean }>> {
    const states = await Promise.all(ids.map(async (id) => [id, await queue.getJobState(id)] as const));
    const isUnfinished = ([, state]: (typeof states)[number]) =>
      state !== 'completed' && state !== 'failed' && state !== 'unknown';
    return new Map(states.filter(isUnfinished).map(([id, state]) => [id, { delayed: state === 'delayed' }]));
  }

  close(): Promise<void> {
    for (const client of [this.#blocking, this.#client]) {
      // To disconnect again what has ended sets a timer that nothing clears.
      if (client !== undefined && client.status !== 'end') {
        client.disconnect();
      }
    }
    return Promise.resolve();
  }
}
