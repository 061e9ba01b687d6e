import { beatWorker, type Database } from '@tidemark/db';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** Beats in one sweep interval: a worker is taken for dead after several missed ones, never after one. */
const BEATS_PER_SWEEP = 5;

/** Says that this worker process is alive; the sweep of any worker buries those that fall silent. */
export function heartbeat(
  deps: { db: Database; onError: PeriodicOptions['onError'] },
  worker: { id: string; host: string; pid: number; concurrency: number },
  sweepSeconds: number,
): Service {
  return periodicService({
    name: 'heartbeat',
    everyMs: (sweepSeconds * 1000) / BEATS_PER_SWEEP,
    round: () => beatWorker(deps.db, worker),
    onError: deps.onError,
  });
}
