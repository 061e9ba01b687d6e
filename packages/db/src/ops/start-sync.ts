import type { SyncPurpose } from '@tidemark/core/contracts';
import type { Priority, Trigger } from '@tidemark/core/queue';
import { jobIdOf, priorityRank } from '@tidemark/core/queue';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { uniqueViolation } from '../database.ts';
import { forgetVersions } from './walk/walk-versions.ts';
import { isAside } from './walk/walk.ts';

export interface StartSync {
  connectionId: string;
  mode: 'incremental' | 'full';
  trigger: Trigger;
  priority: Priority;
  /** Names of the connector's streams, in the order they are walked. */
  streams: readonly string[];
  /** Counts what would be written, and writes nothing; default: false. */
  dryRun?: boolean;
  /** Default: a sync. A verification is always full. */
  purpose?: SyncPurpose;
  /** What is asked of this sync alone, checked by the connector's schema. */
  options?: unknown;
  /** Who asked, for the history: `api`, `cli`. */
  cause: string;
}

/** A page's job as it was written to the outbox; the row is to be cleared once the job is enqueued. */
export interface StartedJob {
  outboxId: string;
  seq: number;
  pickup: number;
  priority: number;
}

export type StartSyncOutcome =
  | { kind: 'started'; syncId: string; job: StartedJob }
  /** The connection has a live sync. */
  | { kind: 'busy'; activeSyncId: string }
  /** The connection was deleted, or needs new credentials. */
  | { kind: 'unusable' };

/**
 * Creates a queued sync with the outbox row of its first page, in one transaction.
 *
 * The partial unique index on syncs decides which of several concurrent callers wins; the others learn the id
 * of the winner. A stream without a watermark is walked whole, so the first sync of a connection is full by
 * itself, and says so.
 */
export async function startSync(db: Database, request: StartSync): Promise<StartSyncOutcome> {
  // The sync that made us lose may have ended before we look for its id: then the place is free again.
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt += 1) {
    try {
      return await db.sql.begin((tx) => insertSync(tx, request));
    } catch (error) {
      if (uniqueViolation(error) !== 'syncs_one_live_per_connection') throw error;
    }
    const active = await db.sql<{ id: string }[]>`
      SELECT id FROM syncs
      WHERE connection_id = ${request.connectionId} AND status IN ('queued', 'running', 'paused')`;
    if (active[0] !== undefined) return { kind: 'busy', activeSyncId: active[0].id };
  }
  throw new Error(`A sync of connection ${request.connectionId} could neither be started nor found.`);
}

const START_ATTEMPTS_MAX = 5;

/** The same within a transaction, which is broken when the connection has a live sync. */
export async function insertSync(
  tx: postgres.TransactionSql,
  request: StartSync,
): Promise<Exclude<StartSyncOutcome, { kind: 'busy' }>> {
  // Before anything is read: a reset or deletion under way is waited for, and what it changed is seen.
  const usable = await tx`
    SELECT 1 FROM connections
    WHERE id = ${request.connectionId} AND deleted_at IS NULL AND status = 'active'
    FOR SHARE`;
  if (usable.length === 0) return { kind: 'unusable' as const };
  const known = await tx<{ stream: string }[]>`
    SELECT stream FROM sync_state
    WHERE connection_id = ${request.connectionId} AND watermark IS NOT NULL`;
  const isKnown = request.streams.every((stream) => known.some((row) => row.stream === stream));
  const { dryRun = false, purpose = 'sync' } = request;
  const mode = request.mode === 'full' || purpose === 'verify' || !isKnown ? 'full' : 'incremental';

  const [sync] = await tx<{ id: string }[]>`
    INSERT INTO syncs (connection_id, mode, trigger, dry_run, purpose, priority, status_cause, options)
    VALUES (${request.connectionId}, ${mode}, ${request.trigger}, ${dryRun}, ${purpose}, ${request.priority},
            ${request.cause}, ${JSON.stringify(request.options ?? {})}::text::jsonb)
    RETURNING id`;
  if (sync === undefined) throw new Error('INSERT INTO syncs returned no row.');

  await placeAtStart(tx, request, sync.id);

  const priority = priorityRank({ ...request, backfill: mode === 'full' });
  const job = { name: 'sync-page', payload: { syncId: sync.id, seq: 0, pickup: 0 }, priority };
  const [row] = await tx<{ id: string }[]>`
    INSERT INTO outbox (kind, payload) VALUES ('job', ${JSON.stringify(job)}::text::jsonb) RETURNING id`;
  if (row === undefined) throw new Error('INSERT INTO outbox returned no row.');
  const jobId = jobIdOf('sync-page', job.payload);
  await tx`SELECT tidemark_record_job(${sync.id}, ${jobId}, 'pending', ${request.cause}, NULL)`;
  return {
    kind: 'started' as const,
    syncId: sync.id,
    job: { outboxId: row.id, seq: 0, pickup: 0, priority },
  };
}

/** A walk that is none of the connection's own leaves its checkpoint and watermark to the next sync, as they are. */
async function placeAtStart(
  tx: postgres.TransactionSql,
  { connectionId, streams, dryRun = false, purpose = 'sync' }: StartSync,
  syncId: string,
): Promise<void> {
  if (isAside({ dryRun, purpose })) {
    await forgetVersions(tx, connectionId);
    await tx`
      INSERT INTO walk_state (sync_id, stream)
      SELECT ${syncId}, stream FROM unnest(${streams as string[]}::text[]) AS stream`;
    return;
  }
  await tx`
    INSERT INTO sync_state (connection_id, stream, sync_id)
    SELECT ${connectionId}, stream, ${syncId} FROM unnest(${streams as string[]}::text[]) AS stream
    ON CONFLICT (connection_id, stream) DO UPDATE
      SET sync_id = excluded.sync_id, checkpoint = NULL, done = false, pending_watermark = NULL,
          failed_page_id = NULL, updated_at = now()`;
}
