/**
 * The queue: how work reaches a worker.
 *
 * The only place that imports `bullmq`. PostgreSQL decides what there is to do, the queue wakes somebody to do it:
 * jobs carry ids, and whatever is lost here is put in again from the tables. So no fact lives only in the queue,
 * and nothing that is not true in PostgreSQL itself is used: no `QueueEvents`, no `waitUntilFinished`, no flows.
 *
 * Two backends with one behaviour, held together by one suite of tests:
 * - Redis (`redisUrl`; one server, Cluster or Sentinel, see `parseRedisUrl`), for any number of processes;
 * - PostgreSQL (no `redisUrl`): BullMQ's own backend in the schema `bullmq` of the same database, with its own
 *   few connections. Migrated at first use under an advisory lock.
 *
 * Producers (`openQueues`) fail fast: every call answers or rejects with QueueUnavailableError within two seconds.
 * Workers (`openWorker`) reconnect for ever. Neither crashes or hangs when the backend is killed, restarted empty
 * or flushed while jobs run.
 *
 * A job is delivered at least once. A killed worker's job is handed out again within about nine seconds (lock of
 * 6 s, renewed each second, looked for each 2 s), any number of times. Finished jobs are kept in bounded number;
 * as job ids contain the position and the pickup, a kept one never swallows new work. An `add` of a known id does
 * nothing. Priority 1 is first, equals are served in order of arrival.
 *
 * Job schedulers ring at the times `nextTick` of core tells, cron expressions included (`nextCronTime`); they are a
 * mirror of schedules in PostgreSQL, and may be lost like any job.
 *
 * A handler's run ends in a JobOutcome. An exception is a bug: it is logged with its stack, and the job is tried
 * again after 1, 2, 4 … 30 s.
 */
export { cronProblem, nextCronTime } from './cron.ts';
export { InvalidJobError, MissingHandlerError, QueueUnavailableError, RedisUrlError } from './errors.ts';
export type { JobContext, JobHandler, JobHandlers } from './job-handlers.ts';
export type { QueueConnectionOptions, QueueLogger } from './options.ts';
export type { JobOutcome } from './outcome.ts';
export { type JobReference, openQueues, type Queues } from './queues.ts';
export { connectRedis, type RedisClient, type RedisClientOptions } from './redis-client.ts';
export { parseRedisUrl, type RedisTarget } from './redis-url.ts';
export type { ScheduledJobName, SchedulerRequest, SchedulerState } from './schedulers.ts';
export type { QueueStatus } from './status.ts';
export { openWorker, type QueueWorker, type QueueWorkerOptions } from './worker.ts';
