import type { AnyConnector } from '@tidemark/core/connector';
import type { CrashHook } from '@tidemark/core/crash';
import type { EventBus } from '@tidemark/core/events';
import type { Database, Keyring } from '@tidemark/db';
import type { Queues } from '@tidemark/queue';
import type { RunningPages } from './jobs/running-pages.ts';
import type { RateLimiter } from './limiter/index.ts';

/** What the jobs and services of a worker need. Clock and chance are passed in, so that tests hold them. */
export interface WorkerDependencies {
  /** The owner of the leases this process takes; begins with `worker-`. */
  workerId: string;
  db: Database;
  queues: Pick<
    Queues,
    'add' | 'addMany' | 'whichQueued' | 'raise' | 'upsertScheduler' | 'removeScheduler' | 'listSchedulers'
  >;
  limiter: RateLimiter;
  connectors: ReadonlyMap<string, AnyConnector>;
  keyring: Keyring;
  events: EventBus;
  runningPages: RunningPages;
  leaseSeconds: number;
  crash: CrashHook;
  now: () => number;
  random: () => number;
}
