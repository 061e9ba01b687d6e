import { type JobRequest, jobIdOf, priorityRank } from '@tidemark/core/queue';
import { buryDeadWorkers, findIdlePages, type LostPage, takeUpPage } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** Share of the sweep interval after which a silent worker counts as dead: three missed heartbeats. */
const SILENT_SHARE = 0.6;
/** Idle pages looked at in one round. */
const BATCH = 500;

/**
 * Finds work that nobody does any more and puts it back into the queue: pages of workers that were killed, and
 * pages whose job the queue lost (restarted empty, flushed). Together with the heartbeats, a killed worker's page is
 * taken up within twice the interval.
 *
 * The queue puts jobs off by the clock of the process that did it, and PostgreSQL says when a page is due. So a job that is
 * still put off when its page is due for long was put off by a wrong clock, and counts as lost.
 */
export function sweep(
  deps: Pick<WorkerDependencies, 'db' | 'queues' | 'events' | 'workerId'>,
  sweepSeconds: number,
  onError: PeriodicOptions['onError'],
): Service {
  const intervalMs = sweepSeconds * 1000;
  const round = async (): Promise<void> => {
    const dead = await buryDeadWorkers(deps.db, intervalMs * SILENT_SHARE, deps.workerId);
    for (const workerId of dead.workers) deps.events.emit('worker.lost', { workerId, leases: dead.leases });
    for (const page of dead.pages) await takeUp(deps, page, 'worker lost');

    const idle = await findIdlePages(deps.db, intervalMs, BATCH);
    const queued = await deps.queues.whichQueued(idle.map(toReference), { delayed: false });
    for (const page of idle) {
      if (!queued.has(jobIdOf('sync-page', toReference(page).payload))) await takeUp(deps, page, 'job lost');
    }
  };
  return periodicService({ name: 'sweep', everyMs: intervalMs, round, onError });
}

function toReference(page: LostPage) {
  return { name: 'sync-page' as const, payload: { syncId: page.syncId, seq: page.seq, pickup: page.pickup } };
}

/** A crash between the two steps is mended by the next round, which finds the new pickup without a job. */
async function takeUp(
  deps: Pick<WorkerDependencies, 'db' | 'queues' | 'events'>,
  page: LostPage,
  reason: string,
): Promise<void> {
  const pickup = await takeUpPage(deps.db, page, reason);
  if (pickup === null) return;
  const { syncId, seq } = page;
  const job: JobRequest = {
    name: 'sync-page',
    payload: { syncId, seq, pickup },
    priority: priorityRank({ ...page, backfill: page.mode === 'full' }),
  };
  await deps.queues.add(job);
  deps.events.emit('work.recovered', { syncId, seq, pickup, reason });
}
