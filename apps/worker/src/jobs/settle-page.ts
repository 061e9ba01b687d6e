import { decide, type Failure } from '@tidemark/core/failure';
import { readingOf, type SchemaReading } from '@tidemark/core/validation';
import { constraintOf, databaseErrorCode, type PageWork, saveCheckpoint } from '@tidemark/db';
import type { JobOutcome } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { abandon, type ClaimedAttempt, giveUp, goRetry, goWait } from './attempt.ts';
import { commitAndGoOn } from './commit-and-go-on.ts';
import { pauseBudget } from '../source/call-source.ts';
import type { PagePlan } from './page-plan.ts';

/** Turns a failure into what is done about it, by the one table in core. */
export async function settleFailed(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  work: PageWork,
  plan: PagePlan,
  fetched: { failure: Failure; apiCalls: number },
): Promise<JobOutcome> {
  const { failure, apiCalls } = fetched;
  const decision = decide(failure, { attempt: work.attempt, random: deps.random() });
  switch (decision.kind) {
    case 'wait':
      if (decision.pausePool !== null) await pauseBudget(deps, decision.pausePool);
      return goWait(deps, attempt, { delayMs: decision.delayMs, reason: failure.code, apiCalls });
    case 'retry':
      return goRetry(deps, attempt, { failure, delayMs: decision.delayMs, apiCalls, attempt: work.attempt });
    case 'shrink':
      return shrink(deps, attempt, plan, { failure, apiCalls });
    case 'restart':
      return restart(deps, attempt, work, plan, { failure, apiCalls });
    case 'setAside':
      return setAside(deps, attempt, work, plan, { failure, apiCalls });
    case 'needsReauth':
      return giveUp(deps, attempt, { failure, needsReauth: true, apiCalls });
    case 'fatal':
      return giveUp(deps, attempt, { failure, needsReauth: false, apiCalls });
  }
}

/**
 * An exception is a bug, or data the tables refuse. It is logged with its stack, the page is tried a few times, and then
 * the sync fails where everybody sees it: it neither hangs nor goes on without the page.
 */
export async function settleBroken(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  work: PageWork,
  plan: PagePlan,
  error: unknown,
): Promise<JobOutcome> {
  const { syncId, connectionId, seq } = attempt;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  deps.events.emit('page.broken', { syncId, connectionId, seq, stack });
  const failure: Failure = { kind: 'internal', code: 'internal_error', message: describeBroken(error) };
  return settleFailed(deps, attempt, work, plan, { failure, apiCalls: 0 });
}

/** What PostgreSQL says may repeat a row, and a row may hold anything: only codes and names go into the sync's error. */
function describeBroken(error: unknown): string {
  const code = databaseErrorCode(error);
  const constraint = constraintOf(error);
  if (code === null)
    return `The page could not be processed (${error instanceof Error ? error.name : 'unknown'}).`;
  return `PostgreSQL refused the page (${constraint === null ? code : `${code}, ${constraint}`}); nothing of it was stored.`;
}

/** Asks again at once with a smaller page. Bounded: a page cannot shrink below one record. */
async function shrink(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  plan: PagePlan,
  cause: { failure: Failure; apiCalls: number },
): Promise<JobOutcome> {
  const smaller = plan.stream.shrink?.(plan.checkpoint) ?? null;
  if (smaller === null) return giveUp(deps, attempt, { ...cause, needsReauth: false });
  return askOtherwise(deps, attempt, plan, smaller, cause);
}

/** Goes on without the cursor. Bounded: the connector allows so many restarts in a walk. */
async function restart(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  work: PageWork,
  plan: PagePlan,
  cause: { failure: Failure; apiCalls: number },
): Promise<JobOutcome> {
  const anew = plan.stream.restart?.(plan.checkpoint) ?? null;
  if (anew === null) return setAside(deps, attempt, work, plan, cause);
  return askOtherwise(deps, attempt, plan, anew, cause);
}

/** The same page in another form, at once and with its attempts counted anew. */
async function askOtherwise(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  plan: PagePlan,
  checkpoint: unknown,
  cause: { failure: Failure; apiCalls: number },
): Promise<JobOutcome> {
  const saved = await saveCheckpoint(deps.db, { ...attempt, stream: plan.stream.name }, checkpoint);
  if (!saved) return abandon(deps, attempt, 'lease');
  return goWait(deps, attempt, { delayMs: 0, reason: cause.failure.code, apiCalls: cause.apiCalls });
}

/** Pages in a row that may be set aside for a source that does not answer: after that it is the source, not the page. */
const IN_A_ROW_MAX = 3;

/** Goes on without the page where the source allows it; the sync then ends as partial. Else it fails. */
async function setAside(
  deps: WorkerDependencies,
  attempt: ClaimedAttempt,
  work: PageWork,
  plan: PagePlan,
  cause: { failure: Failure; apiCalls: number },
): Promise<JobOutcome> {
  const { failure, apiCalls } = cause;
  const isOutage = failure.kind === 'transient' && work.setAsideInARow >= IN_A_ROW_MAX;
  const way = isOutage ? null : (plan.stream.setAside?.(plan.checkpoint) ?? null);
  if (way === null) return giveUp(deps, attempt, { ...cause, needsReauth: false });
  if (way.kind === 'otherwise') return askOtherwise(deps, attempt, plan, way.next, cause);
  const { next, watermark, what, failed: checkpoint } = way;
  const { syncId, connectionId, seq } = attempt;
  deps.events.emit('page.setAside', {
    syncId,
    connectionId,
    seq,
    what,
    code: failure.code,
    message: failure.message,
  });
  return commitAndGoOn(deps, attempt, work, plan, {
    records: [],
    invalid: [],
    next,
    watermark,
    total: null,
    apiCalls,
    durationMs: 0,
    setAside: { checkpoint, what, failure, attempts: work.attempt },
    validation: unreadable(failure, plan),
  });
}

/** An answer that no schema could read counts as one that was quarantined: it is set aside with its page. */
function unreadable(failure: Failure, plan: PagePlan): SchemaReading[] {
  return failure.kind === 'invalidResponse' ? [readingOf('response', plan.stream.name, [], 1)] : [];
}
