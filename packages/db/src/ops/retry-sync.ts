import { jobIdOf, type Priority, priorityRank } from '@tidemark/core/queue';
import type { SyncStatus } from '@tidemark/core/sync';
import type postgres from 'postgres';
import { type Database, uniqueViolation } from '../database.ts';
import type { Refusal, SyncRequest } from './request-transition.ts';
import type { StartedJob } from './start-sync.ts';

export type RetrySyncOutcome =
  | Refusal
  | { kind: 'started'; syncId: string; job: StartedJob }
  /** The connection has a live sync. */
  | { kind: 'busy'; activeSyncId: string }
  /** A later sync started, and the checkpoint is its own now; or there never was one. */
  | { kind: 'overtaken'; laterSyncId: string | null }
  | { kind: 'connectionDeleted' }
  | { kind: 'needsReauth' };

/** The statuses a sync can be taken up from where it stopped. What completed has no checkpoint left. */
const RETRYABLE: readonly SyncStatus[] = ['failed', 'cancelled'];

/** Rolls the transaction back without being an error of anybody. */
class Unretryable extends Error {
  override readonly name = 'Unretryable';
  readonly outcome: RetrySyncOutcome;
  constructor(outcome: RetrySyncOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** What the new sync takes over from the one that stopped. */
interface StoppedSync {
  connectionId: string;
  status: SyncStatus;
  mode: 'incremental' | 'full';
  priority: Priority;
}

/**
 * Starts a new sync that goes on from the checkpoint of one that failed or was cancelled: its streams are handed over
 * with all they hold, so no page that was committed is read again. This is sound as long as the checkpoint is still
 * that of the stopped sync. Only page commits move it, none is possible after the end, and the start of any later
 * sync takes the streams away.
 *
 * Locks, in the order of `startSync`: the connection (shared, against its deletion), the new sync through the unique
 * index on live syncs, the streams. The stopped sync needs none: its status is final.
 *
 * Outcomes: `started` with the job to enqueue; `illegal` from another status; `busy`; `overtaken`; `needsReauth`;
 * `connectionDeleted`; `notFound`. All but the first change nothing.
 */
export async function retrySync(db: Database, request: SyncRequest): Promise<RetrySyncOutcome> {
  const [stopped] = await db.sql<StoppedSync[]>`
    SELECT s.connection_id AS "connectionId", s.status, s.mode, s.priority
    FROM syncs s JOIN connections c ON c.id = s.connection_id
    WHERE s.id = ${request.syncId} AND c.tenant_id = ${request.tenantId}`;
  if (stopped === undefined) return { kind: 'notFound' };
  if (!RETRYABLE.includes(stopped.status)) return { kind: 'illegal', from: stopped.status };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    try {
      return await db.sql.begin((tx) => startFrom(tx, request, stopped));
    } catch (error) {
      if (error instanceof Unretryable) return error.outcome;
      if (uniqueViolation(error) !== 'syncs_one_live_per_connection') throw error;
    }
    // The sync that made us lose may have ended before we look for its id: then the streams say who came later.
    const [active] = await db.sql<{ id: string }[]>`
      SELECT id FROM syncs
      WHERE connection_id = ${stopped.connectionId} AND status IN ('queued', 'running', 'paused')`;
    if (active !== undefined) return { kind: 'busy', activeSyncId: active.id };
  }
  throw new Error(`The sync ${request.syncId} could neither be retried nor found overtaken.`);
}

const ATTEMPTS_MAX = 5;

async function startFrom(
  tx: postgres.TransactionSql,
  request: SyncRequest,
  stopped: StoppedSync,
): Promise<RetrySyncOutcome> {
  const { connectionId, mode, priority } = stopped;
  const [connection] = await tx<{ status: string }[]>`
    SELECT status FROM connections WHERE id = ${connectionId} AND deleted_at IS NULL FOR SHARE`;
  if (connection === undefined) return { kind: 'connectionDeleted' };
  if (connection.status === 'needs_reauth') return { kind: 'needsReauth' };

  const [sync] = await tx<{ id: string }[]>`
    INSERT INTO syncs (connection_id, mode, trigger, dry_run, purpose, priority, retry_of, status_cause)
    SELECT connection_id, mode, 'retry', dry_run, purpose, priority, id, ${request.cause}
    FROM syncs WHERE id = ${request.syncId}
    RETURNING id`;
  if (sync === undefined) throw new Error(`The sync ${request.syncId} vanished while it was retried.`);
  await takeStreams(tx, request.syncId, { connectionId, syncId: sync.id });
  await takeDebts(tx, request.syncId, sync.id);

  const payload = { syncId: sync.id, seq: 0, pickup: 0 };
  const rank = priorityRank({ trigger: 'retry', priority, backfill: mode === 'full' });
  const job = { name: 'sync-page', payload, priority: rank };
  const [outbox] = await tx<{ id: string }[]>`
    INSERT INTO outbox (kind, payload) VALUES ('job', ${JSON.stringify(job)}::text::jsonb) RETURNING id`;
  if (outbox === undefined) throw new Error('INSERT INTO outbox returned no row.');
  await tx`SELECT tidemark_record_job(${sync.id}, ${jobIdOf('sync-page', payload)}, 'pending', ${request.cause}, NULL)`;
  return {
    kind: 'started',
    syncId: sync.id,
    job: { outboxId: outbox.id, seq: 0, pickup: 0, priority: rank },
  };
}

/**
 * Makes the streams those of the new sync, checkpoint and all. A sync that started in between owns them, or, with a
 * newer version of the connector, some of them; what is left would be half a walk. A dry run or a verification takes none,
 * and so is nobody's successor; but what it counted itself is true only until anything else ran.
 */
async function takeStreams(
  tx: postgres.TransactionSql,
  stoppedId: string,
  heir: { connectionId: string; syncId: string },
): Promise<void> {
  const [later] = await tx<{ id: string }[]>`
    SELECT l.id FROM syncs l JOIN syncs s ON s.id = ${stoppedId}
    WHERE l.connection_id = ${heir.connectionId} AND l.id <> ${heir.syncId}
      AND (l.created_at, l.id) > (s.created_at, s.id)
      AND (s.dry_run OR s.purpose = 'verify' OR NOT (l.dry_run OR l.purpose = 'verify'))
    ORDER BY l.created_at DESC, l.id DESC LIMIT 1`;
  const taken = await tx`
    UPDATE sync_state SET sync_id = ${heir.syncId}, updated_at = clock_timestamp()
    WHERE connection_id = ${heir.connectionId} AND sync_id = ${stoppedId}`;
  const aside = await tx`UPDATE walk_state SET sync_id = ${heir.syncId} WHERE sync_id = ${stoppedId}`;
  await tx`UPDATE walk_versions SET sync_id = ${heir.syncId} WHERE sync_id = ${stoppedId}`;
  await tx`UPDATE walk_rows SET sync_id = ${heir.syncId} WHERE sync_id = ${stoppedId}`;
  if (later !== undefined || taken.count + aside.count === 0) {
    throw new Unretryable({ kind: 'overtaken', laterSyncId: later?.id ?? null });
  }
  // What the walk has seen so far it has seen: its sweep goes on where its checkpoint does.
  await tx`UPDATE sync_sweeps SET sync_id = ${heir.syncId} WHERE sync_id = ${stoppedId} AND status = 'walking'`;
}

/**
 * Pages the stopped sync set aside are owed by the new one, which is partial until they come: its watermark must not
 * pass them. A stopped retry of failed pages hands over those it had taken up.
 */
async function takeDebts(tx: postgres.TransactionSql, stoppedId: string, heirId: string): Promise<void> {
  await tx`
    UPDATE sync_failed_pages SET taken_by = ${heirId}, updated_at = clock_timestamp()
    WHERE taken_by = ${stoppedId} AND status = 'taken'`;
  const owed = await tx`
    UPDATE sync_failed_pages SET sync_id = ${heirId}, updated_at = clock_timestamp()
    WHERE sync_id = ${stoppedId} AND status = 'open'`;
  if (owed.count === 0) return;
  await tx`UPDATE syncs SET failed_pages = ${owed.count}, partial = true WHERE id = ${heirId}`;
}
