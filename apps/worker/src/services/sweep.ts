import { AGEING_STEP_MS, agedRank, type JobRequest, jobIdOf, priorityRank } from '@tidemark/core/queue';
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
 * taken up within twice the interval. Pages that merely wait for their turn are put forward with the time they wait, so
 * that a steady flow of what comes first starves nobody (SPEC.md, L9).
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
    for (const page of dead.pages) await enqueue(deps, page, 'worker lost');

    const idle = await findIdlePages(deps.db, intervalMs, BATCH);
    const queued = await deps.queues.whichQueued(idle.map(toReference), { delayed: false });
    const isQueued = (page: LostPage) => queued.has(jobIdOf('sync-page', toReference(page).payload));
    for (const page of idle.filter((one) => !isQueued(one))) await takeUp(deps, page, 'job lost');
    await putForward(deps, idle.filter(isQueued));
  };
  return periodicService({ name: 'sweep', everyMs: intervalMs, round, onError });
}

function toReference(page: LostPage) {
  return { name: 'sync-page' as const, payload: { syncId: page.syncId, seq: page.seq, pickup: page.pickup } };
}

function rankOf(page: LostPage): number {
  return agedRank(priorityRank({ ...page, backfill: page.mode === 'full' }), page.waitedMs);
}

async function putForward(
  deps: Pick<WorkerDependencies, 'queues' | 'events'>,
  waiting: readonly LostPage[],
): Promise<void> {
  const aged = waiting.filter((page) => page.waitedMs >= AGEING_STEP_MS);
  if (aged.length === 0) return;
  const moved = await deps.queues.raise(
    aged.map((page) => ({ ...toReference(page), priority: rankOf(page) })),
  );
  if (moved.length > 0) deps.events.emit('pages.aged', { count: moved.length });
}

async function takeUp(
  deps: Pick<WorkerDependencies, 'db' | 'queues' | 'events'>,
  page: LostPage,
  reason: string,
): Promise<void> {
  const pickup = await takeUpPage(deps.db, page, reason);
  if (pickup !== null) await enqueue(deps, { ...page, pickup }, reason);
}

/** A crash before this is mended by the next round, which finds the new pickup without a job. */
async function enqueue(
  deps: Pick<WorkerDependencies, 'queues' | 'events'>,
  page: LostPage,
  reason: string,
): Promise<void> {
  const { syncId, seq, pickup } = page;
  const job: JobRequest = {
    name: 'sync-page',
    payload: { syncId, seq, pickup },
    priority: rankOf(page),
  };
  await deps.queues.add(job);
  deps.events.emit('work.recovered', { syncId, seq, pickup, reason });
}
