import type { Failure } from '@tidemark/core/failure';
import { isRetryable } from '@tidemark/core/failure';
import { jobIdOf } from '@tidemark/core/queue';
import type { JobStatus } from '@tidemark/core/sync';
import { type Database, withoutWaiting } from '../database.ts';
import { leaseKey } from './claim-page.ts';

/** An attempt at a page that did not end in a commit. `fencingToken` is null when no lease was taken. */
export interface Attempt {
  syncId: string;
  connectionId: string;
  seq: number;
  pickup: number;
  fencingToken: string | null;
  worker: string;
}

/**
 * Notes that the page goes on after a wait that spends no attempt, counts the calls it made, and releases the
 * lease. Not waited for on disk: a wait that a crash forgets is waited for again. False: the lease was lost or the
 * sync has moved on, so there is nothing to wait for.
 */
export async function settleWait(
  db: Database,
  attempt: Attempt,
  wait: { delayMs: number; reason: string; apiCalls: number },
): Promise<boolean> {
  const rows = await db.sql`
    WITH ${withoutWaiting(db.sql)}, lease AS MATERIALIZED (
      ${release(db, attempt)} FROM without_waiting
    ), settled AS (
      UPDATE syncs
         SET next_run_at = clock_timestamp() + make_interval(secs => ${wait.delayMs / 1000}),
             api_calls = api_calls + ${wait.apiCalls}
        FROM lease
       WHERE ${isOurs(db, attempt)}
      RETURNING id
    )
    SELECT ${recordJob(db, attempt, 'pending', wait.reason)} FROM settled`;
  return rows.length > 0;
}

/** Spends an attempt: notes the failure and when the next attempt comes, and releases the lease. False: as above. */
export async function settleRetry(
  db: Database,
  attempt: Attempt,
  retry: { failure: Failure; delayMs: number; apiCalls: number },
): Promise<boolean> {
  const rows = await db.sql`
    WITH lease AS MATERIALIZED (${release(db, attempt)}), settled AS (
      UPDATE syncs
         SET attempt = attempt + 1,
             next_run_at = clock_timestamp() + make_interval(secs => ${retry.delayMs / 1000}),
             api_calls = api_calls + ${retry.apiCalls},
             error_code = ${retry.failure.code}, error_message = ${retry.failure.message},
             error_action = ${retry.failure.action ?? null}, error_retryable = true
        FROM lease
       WHERE ${isOurs(db, attempt)}
      RETURNING id
    )
    SELECT ${recordJob(db, attempt, 'failed', retry.failure.code)} FROM settled`;
  return rows.length > 0;
}

/**
 * Ends the sync as failed, keeping its checkpoint for a retry, and releases the lease. With `needsReauth` the
 * connection is marked in the same statement, so that nothing new is started on dead credentials. False: as above.
 */
export async function settleFailure(
  db: Database,
  attempt: Attempt,
  end: { failure: Failure; needsReauth: boolean; apiCalls: number },
): Promise<boolean> {
  const rows = await db.sql`
    WITH lease AS MATERIALIZED (${release(db, attempt)}), ended AS (
      UPDATE syncs
         SET status = 'failed', status_cause = ${end.failure.code}, status_worker = ${attempt.worker},
             error_code = ${end.failure.code}, error_message = ${end.failure.message},
             error_action = ${end.failure.action ?? null}, error_retryable = ${isRetryable(end.failure.kind)},
             api_calls = api_calls + ${end.apiCalls}, next_run_at = NULL,
             finished_at = clock_timestamp(), heartbeat_at = clock_timestamp()
        FROM lease
       WHERE ${isOurs(db, attempt)}
      RETURNING connection_id
    ), marked AS (
      UPDATE connections SET status = 'needs_reauth', updated_at = clock_timestamp()
        FROM ended WHERE id = ended.connection_id AND ${end.needsReauth}
    )
    SELECT ${recordJob(db, attempt, 'failed', end.failure.code)} FROM ended`;
  return rows.length > 0;
}

/**
 * Leaves a page to whoever owns it now: the sync was paused, cancelled or taken up anew, or work was given up by a
 * bug. Releases the lease if it is still ours, and closes the job's history unless somebody else did.
 */
export async function abandonAttempt(db: Database, attempt: Attempt, reason: string): Promise<void> {
  const { syncId, seq, pickup } = attempt;
  const jobId = jobIdOf('sync-page', { syncId, seq, pickup });
  await db.sql`
    WITH lease AS MATERIALIZED (${release(db, attempt)})
    SELECT CASE WHEN (
             SELECT t.to_status FROM sync_transitions t WHERE t.job_id = ${jobId} ORDER BY t.id DESC LIMIT 1
           ) = 'processing' THEN ${recordJob(db, attempt, 'failed', reason)}::text END
    FROM lease`;
}

function release(db: Database, attempt: Attempt) {
  return db.sql`
    SELECT release_sync_lock(${leaseKey(attempt.connectionId)}, ${attempt.fencingToken}::bigint) AS released`;
}

/** A worker whose lease was taken from it has no say any more, though the position may still be the same. */
function isOurs(db: Database, attempt: Attempt) {
  return db.sql`
    id = ${attempt.syncId} AND seq = ${attempt.seq} AND pickup = ${attempt.pickup}
    AND status IN ('queued', 'running') AND (lease.released OR ${attempt.fencingToken === null})`;
}

function recordJob(db: Database, attempt: Attempt, to: JobStatus, cause: string) {
  const { syncId, seq, pickup } = attempt;
  const jobId = jobIdOf('sync-page', { syncId, seq, pickup });
  return db.sql`tidemark_record_job(${syncId}, ${jobId}, ${to}, ${cause}, ${attempt.worker})`;
}
