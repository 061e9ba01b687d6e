import { jobIdOf } from '@tidemark/core/queue';
import type { SyncStatus } from '@tidemark/core/sync';
import type postgres from 'postgres';
import type { StandingSync } from './request-transition.ts';

/**
 * Stops a sync where it stands, under the locks of `requestTransition`. The history of its job is closed here and not
 * by the worker, which must write nothing after the request was acknowledged.
 */
export async function haltSync(
  tx: postgres.TransactionSql,
  sync: StandingSync,
  halt: { to: SyncStatus; cause: string; jobCause: string },
): Promise<void> {
  const { syncId, seq, pickup } = sync;
  const jobId = jobIdOf('sync-page', { syncId, seq, pickup });
  await tx`
    UPDATE syncs
       SET status = ${halt.to}::sync_status, status_cause = ${halt.cause}, status_worker = NULL, next_run_at = NULL
     WHERE id = ${syncId}`;
  await tx`SELECT tidemark_record_job(${syncId}, ${jobId}, 'failed', ${halt.jobCause}, NULL)`;
}
