import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { connectorRegistry } from '@tidemark/connectors';
import type { Environment } from '@tidemark/core/config';
import { type CrashHook, noCrash } from '@tidemark/core/crash';
import { createEventBus, type EventBus, logEvents } from '@tidemark/core/events';
import { beatWorker, holdSingleWorker, type Keyring, openDatabase, removeWorker } from '@tidemark/db';
import { openQueues, openWorker, type QueueConnectionOptions, type QueueWorker } from '@tidemark/queue';
import type { Logger } from 'pino';
import type { WorkerDependencies } from './dependencies.ts';
import { CALL_TIMEOUT_MS } from './source/call-source.ts';
import { createRunningPages } from './jobs/running-pages.ts';
import { syncPageHandler } from './jobs/sync-page.ts';
import { webhookDeliveryHandler } from './jobs/webhook-delivery.ts';
import { createRateLimiter } from './limiter/index.ts';
import { openSchedules } from './schedules/open-schedules.ts';
import { deliveryCheck } from './services/delivery-check.ts';
import { eventDelivery } from './services/event-delivery.ts';
import { heartbeat } from './services/heartbeat.ts';
import { leaseWatch } from './services/lease-watch.ts';
import { lostDeliveries } from './services/lost-deliveries.ts';
import { outboxRelay } from './services/outbox-relay.ts';
import type { Service } from './services/periodic-service.ts';
import { retention } from './services/retention.ts';
import { sourceWatch } from './services/source-watch.ts';
import { stuckWatch } from './services/stuck-watch.ts';
import { subscriptionCheck } from './services/subscription-check.ts';
import { sweep } from './services/sweep.ts';
import { sessionFilesOf } from './source/session-files.ts';

export interface StartWorker {
  environment: Environment;
  databaseUrl: string;
  keyring: Keyring;
  logger: Logger;
  /** For tests that kill the worker at named points. */
  crash?: CrashHook;
  /** For tests and benchmarks that look on. */
  events?: EventBus;
}

export interface RunningWorker {
  workerId: string;
  /** Lets the pages under way finish for some seconds, then gives them back. Idempotent, never rejects. */
  stop(): Promise<void>;
}

/** Thrown at start when a second worker process would count the rate limits by itself. */
export class SecondWorkerError extends Error {
  override readonly name = 'SecondWorkerError';
  readonly code = 'second_worker_without_redis';
}

/** Pages under way get this long at a stop; process managers kill after ten seconds. */
const STOP_GRACE_MS = 7_000;

/** Deliveries at once, beside the pages and as a share of them: a backfill takes nothing from them. */
const WEBHOOK_SHARE = 0.5;

/**
 * Starts one worker process: the workers of the queues and the services around them. Throws SecondWorkerError, and what
 * PostgreSQL says when it cannot be reached.
 */
export async function startWorker(options: StartWorker): Promise<RunningWorker> {
  const { environment, databaseUrl, logger } = options;
  const place = await takePlace(options);
  const concurrency = environment.WORKER_CONCURRENCY;
  const webhookConcurrency = Math.ceil(concurrency * WEBHOOK_SHARE);
  const poolMax = concurrency + webhookConcurrency + 6;
  const db = openDatabase({ url: databaseUrl, max: poolMax, applicationName: 'tidemark-worker' });
  const events =
    options.events ?? createEventBus((error) => logger.error({ err: error }, 'an event listener failed'));
  const unsubscribe = logEvents(events, logger);
  const queueOptions = { redisUrl: environment.REDIS_URL, databaseUrl, logger };
  const queues = await openQueues(queueOptions);
  const deps = dependenciesOf(options, { db, queues, events });
  const self = { id: deps.workerId, host: hostname(), pid: process.pid, concurrency };
  const onError = (name: string, error: unknown) =>
    logger.warn({ err: error, service: name }, 'service.roundFailed');
  const sweepSeconds = environment.SWEEP_SECONDS;
  const schedules = openSchedules(deps, { queue: queueOptions, sweepSeconds, onError });
  const services: Service[] = [
    heartbeat({ db, onError }, self, sweepSeconds),
    outboxRelay(deps, onError),
    leaseWatch(deps, onError),
    sweep(deps, sweepSeconds, onError),
    deliveryCheck(deps, onError),
    lostDeliveries(deps, onError),
    retention(deps, environment.WEBHOOK_RETENTION_DAYS, onError),
    sourceWatch(deps, onError),
    stuckWatch(deps, sweepSeconds, onError),
    eventDelivery(deps, { allowInternal: environment.TIDEMARK_ALLOW_INTERNAL_TARGETS }, onError),
    ...(environment.META_APP_SECRET === undefined ? [] : [subscriptionCheck(deps, onError)]),
    ...schedules.services,
  ];
  const workers = [
    ...openWorkers(deps, queueOptions, { sync: concurrency, webhook: webhookConcurrency }),
    schedules.worker,
  ];
  // Known to the others before the first lease: a lease of an unknown worker is taken for a dead one's.
  await beatWorker(db, self);
  for (const service of services) service.start();
  await Promise.all(workers.map((worker) => worker.start()));
  logger.info({ workerId: deps.workerId, backend: queues.backend, concurrency }, 'worker.started');

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop({ graceMs: STOP_GRACE_MS })));
    await Promise.all(services.map((service) => service.stop()));
    await removeWorker(db, deps.workerId).catch(() => {});
    await Promise.all([deps.limiter.stop(), queues.close(), place.release()]);
    await db.close();
    unsubscribe();
    logger.info({ workerId: deps.workerId }, 'worker.stopped');
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };
  place.lost.then(
    () => {
      logger.error({ workerId: deps.workerId }, 'worker.displaced: another process runs on this database');
      return stopOnce();
    },
    () => undefined,
  );
  return { workerId: deps.workerId, stop: stopOnce };
}

/** Without Redis the limits are counted in this process alone: it is the only one, or it stops when `lost` resolves. */
async function takePlace({
  environment,
  databaseUrl,
}: StartWorker): Promise<{ lost: Promise<void>; release: () => Promise<void> }> {
  const lost = Promise.withResolvers<void>();
  if (environment.REDIS_URL !== undefined) return { lost: lost.promise, release: () => Promise.resolve() };
  const held = await holdSingleWorker(databaseUrl, lost.resolve);
  if (held === null) {
    throw new SecondWorkerError(
      'Another worker process runs on this database. Without REDIS_URL there can be only one: set REDIS_URL to run more.',
    );
  }
  return { lost: lost.promise, release: held.release };
}

function openWorkers(
  deps: WorkerDependencies,
  queueOptions: QueueConnectionOptions,
  concurrency: { sync: number; webhook: number },
): QueueWorker[] {
  return [
    openWorker({
      ...queueOptions,
      queue: 'sync',
      concurrency: concurrency.sync,
      handlers: { 'sync-page': syncPageHandler(deps) },
    }),
    openWorker({
      ...queueOptions,
      queue: 'webhook',
      concurrency: concurrency.webhook,
      handlers: { 'webhook-delivery': webhookDeliveryHandler(deps) },
    }),
  ];
}

/** What jobs and services are given; the limiter is opened, everything else is passed on. */
function dependenciesOf(
  { environment, keyring, logger, crash = noCrash }: StartWorker,
  opened: Pick<WorkerDependencies, 'db' | 'queues' | 'events'>,
): WorkerDependencies {
  const { REDIS_URL: redisUrl, META_GRAPH_URL: graphUrl, META_GRAPH_VERSION: graphVersion } = environment;
  return {
    ...opened,
    workerId: `worker-${randomUUID()}`,
    limiter: createRateLimiter({
      ...(redisUrl === undefined ? {} : { redisUrl }),
      now: Date.now,
      logger,
      callTimeoutMs: CALL_TIMEOUT_MS,
    }),
    connectors: connectorRegistry({ graphUrl, graphVersion, sessionFiles: sessionFilesOf(environment) }),
    keyring,
    runningPages: createRunningPages(),
    leaseSeconds: environment.LEASE_SECONDS,
    crash,
    now: Date.now,
    random: Math.random,
  };
}
