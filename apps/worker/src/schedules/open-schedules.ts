import { openWorker, type QueueConnectionOptions, type QueueWorker } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { scheduleTickHandler } from '../jobs/schedule-tick.ts';
import type { PeriodicOptions, Service } from '../services/periodic-service.ts';
import { scheduleCheck } from '../services/schedule-check.ts';
import { scheduleHeal } from '../services/schedule-heal.ts';

/** What carries out schedules in a worker process, not yet started: who hears the bell, and what mends it. */
export function openSchedules(
  deps: WorkerDependencies,
  options: { queue: QueueConnectionOptions; sweepSeconds: number; onError: PeriodicOptions['onError'] },
): { worker: QueueWorker; services: Service[] } {
  const { queue, sweepSeconds, onError } = options;
  const worker = openWorker({
    ...queue,
    queue: 'system',
    // A tick is a few statements; the syncs it starts are run by others.
    concurrency: 1,
    handlers: { 'schedule-tick': scheduleTickHandler(deps) },
  });
  return { worker, services: [scheduleCheck(deps, onError), scheduleHeal(deps, sweepSeconds, onError)] };
}
