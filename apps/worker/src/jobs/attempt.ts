import type { Failure } from '@tidemark/core/failure';
import { type Attempt, abandonAttempt, settleFailure, settleRetry, settleWait } from '@tidemark/db';
import type { JobOutcome } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';

/** An attempt that holds the lease. Whatever comes of it releases the lease. */
export type ClaimedAttempt = Attempt & { fencingToken: string };

export function waitFor(deps: WorkerDependencies, delayMs: number): JobOutcome {
  return { kind: 'wait', until: new Date(deps.now() + delayMs) };
}

/** Back to the queue until then; spends no attempt. */
export async function goWait(
  deps: WorkerDependencies,
  attempt: Attempt,
  wait: { delayMs: number; reason: string; apiCalls: number },
): Promise<JobOutcome> {
  const delayMs = Math.max(0, wait.delayMs);
  const goesOn = await settleWait(deps.db, attempt, { ...wait, delayMs });
  if (!goesOn) return supersede(deps, attempt, 'position');
  const { syncId, connectionId, seq } = attempt;
  deps.events.emit('page.waiting', {
    syncId,
    connectionId,
    seq,
    reason: wait.reason,
    untilMs: deps.now() + delayMs,
  });
  return waitFor(deps, delayMs);
}

/** Spends an attempt; the next one comes after the delay. */
export async function goRetry(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  retry: { failure: Failure; delayMs: number; apiCalls: number; attempt: number },
): Promise<JobOutcome> {
  if (!(await settleRetry(deps.db, attempt, retry))) return supersede(deps, attempt, 'position');
  const { syncId, connectionId, seq } = attempt;
  const { code, message } = retry.failure;
  const { delayMs } = retry;
  deps.events.emit('page.retrying', {
    syncId,
    connectionId,
    seq,
    attempt: retry.attempt,
    code,
    message,
    delayMs,
  });
  return { kind: 'retry', delayMs, reason: `${code}: ${message}` };
}

/** The sync ends as failed, with its checkpoint kept. */
export async function giveUp(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  end: { failure: Failure; needsReauth: boolean; apiCalls: number },
): Promise<JobOutcome> {
  if (!(await settleFailure(deps.db, attempt, end))) {
    return supersede(deps, attempt, 'position');
  }
  const { syncId, connectionId, seq } = attempt;
  const { code, message } = end.failure;
  deps.events.emit('sync.failed', { syncId, connectionId, seq, code, message });
  return { kind: 'fail', reason: `${code}: ${message}` };
}

/** As `supersede`, for an attempt that held the lease. */
export async function abandon(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  reason: string,
): Promise<JobOutcome> {
  await abandonAttempt(deps.db, attempt, reason);
  return supersede(deps, attempt, reason);
}

/** The sync went on without this job, or ended: leave quietly. */
export function supersede(
  deps: WorkerDependencies,
  job: { syncId: string; seq: number },
  reason: string,
): JobOutcome {
  deps.events.emit('page.superseded', { syncId: job.syncId, seq: job.seq, reason });
  return { kind: 'done' };
}
