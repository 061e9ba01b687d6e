import { jobIdOf, type Priority, priorityRank, type Trigger } from '@tidemark/core/queue';
import type { SyncStatus } from '@tidemark/core/sync';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import {
  type Refusal,
  requestTransition,
  type StandingSync,
  type SyncRequest,
} from './request-transition.ts';
import type { StartedJob } from './start-sync.ts';

/**
 * Lets a paused sync go on from its checkpoint, with its first attempt. The page gets a new pickup, which makes every
 * job that is left from before the pause void, and its outbox row is written in the same transaction. A lease that is
 * left from before is revoked, so that any worker can take the page up at once.
 *
 * Locks: see `requestTransition`. Outcomes: `resumed`, with the job to enqueue; `illegal`; `notFound`.
 */
export async function resumeSync(
  db: Database,
  request: SyncRequest,
): Promise<Refusal | { kind: 'resumed'; job: StartedJob }> {
  const outcome = await requestTransition(db, request, 'resumeRequested', (tx, sync, to) =>
    takeUp(tx, sync, to, request.cause),
  );
  return outcome.kind === 'moved' ? { kind: 'resumed', job: outcome.value } : outcome;
}

async function takeUp(
  tx: postgres.TransactionSql,
  { syncId, seq }: StandingSync,
  to: SyncStatus,
  cause: string,
): Promise<StartedJob> {
  const [sync] = await tx<
    { pickup: number; trigger: Trigger; priority: Priority; mode: 'incremental' | 'full' }[]
  >`
    UPDATE syncs
       SET status = ${to}::sync_status, status_cause = ${cause}, status_worker = NULL, pickup = pickup + 1,
           attempt = 1, next_run_at = NULL, heartbeat_at = clock_timestamp(),
           error_code = NULL, error_message = NULL, error_action = NULL, error_retryable = NULL
     WHERE id = ${syncId}
    RETURNING pickup, trigger, priority, mode`;
  if (sync === undefined) throw new Error(`The sync ${syncId} vanished under its lock.`);
  const { pickup } = sync;
  const priority = priorityRank({ ...sync, backfill: sync.mode === 'full' });
  const job = { name: 'sync-page', payload: { syncId, seq, pickup }, priority };
  const [outbox] = await tx<{ id: string }[]>`
    INSERT INTO outbox (kind, payload) VALUES ('job', ${JSON.stringify(job)}::text::jsonb) RETURNING id`;
  if (outbox === undefined) throw new Error('INSERT INTO outbox returned no row.');
  await tx`SELECT tidemark_record_job(${syncId}, ${jobIdOf('sync-page', job.payload)}, 'pending', ${cause}, NULL)`;
  return { outboxId: outbox.id, seq, pickup, priority };
}
