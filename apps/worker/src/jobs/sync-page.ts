import type { JobPayload } from '@tidemark/core/queue';
import {
  claimPage,
  isDatabaseUnavailable,
  isTransientConflict,
  leaseKey,
  loadPage,
  type PageWork,
} from '@tidemark/db';
import type { JobHandler, JobOutcome } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { abandon, type ClaimedAttempt, giveUp, goWait, supersede, waitFor } from './attempt.ts';
import { commitAndGoOn } from './commit-and-go-on.ts';
import { fetchPage } from './fetch-page.ts';
import { keepLease } from './lease-keeper.ts';
import { planPage } from './page-plan.ts';
import { LeaseLost } from './running-pages.ts';
import { settleBroken, settleFailed } from './settle-page.ts';

type SyncPageJob = JobPayload<'sync-page'>;

/** How long a job stays away when another worker holds the lease, or PostgreSQL is away. */
const HELD_WAIT_MS = 1_000;

/**
 * One page of a sync: load, claim, fetch, commit, enqueue the next. A job that is delivered twice, late, or to two
 * workers at once does nothing the second time: the position and the fencing token decide, in PostgreSQL.
 */
export function syncPageHandler(deps: WorkerDependencies): JobHandler<'sync-page'> {
  return async (job, { signal }) => {
    try {
      return await runPage(deps, job, signal);
    } catch (error) {
      // Neither spends an attempt: the page is as it was, and so is the source.
      if (isDatabaseUnavailable(error) || isTransientConflict(error)) return waitFor(deps, HELD_WAIT_MS);
      throw error;
    }
  };
}

async function runPage(deps: WorkerDependencies, job: SyncPageJob, stop: AbortSignal): Promise<JobOutcome> {
  const loaded = await loadPage(deps.db, job);
  if (loaded.kind === 'early') return waitFor(deps, loaded.waitMs);
  if (loaded.kind === 'superseded') return supersede(deps, job, loaded.reason);
  const { work } = loaded;

  const pausedForMs = Math.max(0, ...work.pools.map((pool) => pool.pausedForMs ?? 0));
  if (pausedForMs > 0) {
    const attempt = { ...job, connectionId: work.connectionId, worker: deps.workerId, fencingToken: null };
    return goWait(deps, attempt, { delayMs: pausedForMs, reason: 'pool paused', apiCalls: 0 });
  }
  const { workerId: worker, leaseSeconds } = deps;
  const claim = await claimPage(deps.db, { ...job, connectionId: work.connectionId, worker, leaseSeconds });
  if (claim.kind === 'held') return waitFor(deps, HELD_WAIT_MS);
  if (claim.kind === 'superseded') return supersede(deps, job, 'position');

  const attempt = { ...job, connectionId: work.connectionId, worker, fencingToken: claim.fencingToken };
  deps.events.emit('sync.pickedUp', attempt);
  deps.crash('afterClaim', job.seq);
  return attemptPage(deps, attempt, work, stop);
}

/** From here on the lease is ours: every way out releases it. */
async function attemptPage(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  work: PageWork,
  stop: AbortSignal,
): Promise<JobOutcome> {
  const plan = planPage(deps, work);
  if ('kind' in plan) return giveUp(deps, attempt, { failure: plan, needsReauth: false, apiCalls: 0 });

  const startedMs = deps.now();
  const lease = keepLease(deps, { key: leaseKey(work.connectionId), ...attempt });
  try {
    deps.crash('beforeFetch', attempt.seq);
    const fetched = await fetchPage(deps, plan, work.pools, AbortSignal.any([stop, lease.signal]));
    deps.crash('afterFetch', attempt.seq);
    switch (fetched.kind) {
      case 'refused':
        return await goWait(deps, attempt, fetched);
      case 'failed':
        return await settleFailed(deps, attempt, work, plan, fetched);
      case 'answer':
        return await commitAndGoOn(deps, attempt, work, plan, {
          ...fetched.answer,
          apiCalls: fetched.apiCalls,
          durationMs: deps.now() - startedMs,
        });
    }
  } catch (error) {
    if (error instanceof LeaseLost) return abandon(deps, attempt, 'lease');
    // The worker is stopping: the page goes back as it was, for another one.
    if (stop.aborted)
      return await goWait(deps, attempt, { delayMs: 0, reason: 'worker stopping', apiCalls: 0 });
    if (isDatabaseUnavailable(error) || isTransientConflict(error)) throw error;
    return await settleBroken(deps, attempt, work, plan, error);
  } finally {
    lease.stop();
  }
}
