import { priorityRank } from '@tidemark/core/queue';
import { type AbsenceFacts, type ClosedWalk, commitPage, type PageCommit, type PageWork } from '@tidemark/db';
import type { JobOutcome } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { abandon, type ClaimedAttempt } from './attempt.ts';
import { handOverPage } from './hand-over-page.ts';
import type { PagePlan } from './page-plan.ts';

/** What is to be committed, as far as the plan does not say it already. */
export type PageResult = Pick<
  PageCommit,
  'records' | 'invalid' | 'next' | 'watermark' | 'total' | 'apiCalls' | 'durationMs'
> &
  Partial<Pick<PageCommit, 'setAside' | 'positions' | 'skips' | 'validation'>> & { isWhole?: boolean };

/** Commits a page, or the fact that it was set aside, and enqueues the next one. */
export async function commitAndGoOn(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  work: PageWork,
  plan: PagePlan,
  result: PageResult,
): Promise<JobOutcome> {
  const { trigger, priority: wish, mode, walk } = work;
  const priority = priorityRank({ trigger, priority: wish, backfill: mode === 'full' });
  const { hasMoreStreams, failedPageId } = plan;
  const stream = plan.stream.name;
  const kinds = plan.connector.streams.map(({ kind }) => kind);
  const { isWhole, ...content } = result;
  const absence = absenceFacts(plan, isWhole ?? false);
  const page = {
    ...attempt,
    ...content,
    stream,
    kinds,
    walk,
    absence,
    hasMoreStreams,
    failedPageId,
    priority,
  };
  const outcome = await commitPage(deps.db, page, deps.crash);
  if (outcome.kind === 'superseded') return abandon(deps, attempt, outcome.reason);
  deps.crash('afterCommitBeforeEnqueue', attempt.seq);

  const { syncId, connectionId, seq } = attempt;
  const { apiCalls, durationMs } = result;
  tellClosed(deps, attempt, outcome.closed);
  const { deleted: _, ...counts } = outcome.counts;
  const done = outcome.next === null;
  deps.events.emit('page.committed', {
    syncId,
    connectionId,
    seq,
    stream,
    dryRun: walk.dryRun,
    ...counts,
    apiCalls,
    durationMs,
    done,
  });
  if (outcome.next !== null) {
    const job = { ...outcome.next, pickup: attempt.pickup, priority };
    await handOverPage(deps, syncId, job, () => deps.crash('afterEnqueueBeforeAck', seq));
  }
  return { kind: 'done' };
}

/** What the connector declares about absence. */
function absenceFacts({ connector, stream }: PagePlan, isWhole: boolean): AbsenceFacts {
  const sweeps = connector.streams.flatMap(({ name, sweeps: kind }) =>
    kind === undefined ? [] : [{ stream: name, kind }],
  );
  return { sweeps, isWhole, beginsWithKnown: stream.beginsWithKnown ?? false };
}

function tellClosed(deps: WorkerDependencies, attempt: ClaimedAttempt, closed: ClosedWalk): void {
  const { syncId, connectionId } = attempt;
  for (const { stream, code } of closed.warnings) {
    deps.events.emit('sync.suspicious', { syncId, connectionId, stream, code });
  }
  for (const sweep of closed.sweeps) deps.events.emit('sweep.closed', { syncId, connectionId, ...sweep });
}
