import type { PositionChange, SkipDecision } from '@tidemark/core/connector';
import type { StoredSamples } from '@tidemark/core/contracts';
import type { CrashHook } from '@tidemark/core/crash';
import type { Failure } from '@tidemark/core/failure';
import { jobIdOf } from '@tidemark/core/queue';
import type { InvalidRecord, StreamRecords } from '@tidemark/core/records';
import {
  addCounts,
  type JobStatus,
  NO_RECORDS,
  type RecordCounts,
  reconciles,
  type SyncWarning,
} from '@tidemark/core/sync';
import { type SchemaReading, readingsOfPage, readingsReconcile } from '@tidemark/core/validation';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { boundStall } from './bound-stall.ts';
import { leaseKey } from './claim-page.ts';
import { closeFailedPage, type OwedPage } from './close-failed-page.ts';
import { type ClosedWalk, closeWalk } from './close-walk.ts';
import { quarantineRecords } from './quarantine-records.ts';
import { recordValidation } from './record-validation.ts';
import { type AbsenceFacts, judgeFirstPage, trackSweep } from './track-sweep.ts';
import { isAside, type Walk } from './walk/walk.ts';
import { forgetVersions } from './walk/walk-versions.ts';
import { writePageRecords } from './walk/write-page-records.ts';
import { writeWalkState } from './walk/write-walk-state.ts';
import { type Decision, writeDecisions } from './write-decisions.ts';
import { writePositions } from './write-positions.ts';
import type { CountsByStream } from './write-records.ts';

export interface PageCommit {
  syncId: string;
  connectionId: string;
  seq: number;
  pickup: number;
  fencingToken: string;
  worker: string;
  stream: string;
  /** What stores the records of the sync's streams, all of them. */
  kinds: readonly StreamRecords['kind'][];
  /** What the walk is for, and what becomes of its writes. */
  walk: Walk;
  records: readonly StreamRecords[];
  invalid: readonly InvalidRecord[];
  /** What the schemas saw of the page, where the connector tells. */
  validation?: readonly SchemaReading[] | undefined;
  /** Where the stream goes on; null: it is walked to its end. */
  next: unknown;
  /** What the stream's watermark becomes when the sync completes; read when `next` is null. */
  watermark: unknown;
  /** Whether another stream of the sync comes after this one. */
  hasMoreStreams: boolean;
  /** Calls made to the source for this page, failed ones included. */
  apiCalls: number;
  /** Where the walk stands in the parts of its source. */
  positions?: readonly PositionChange[];
  /** What was passed by, and why, for the report of the sync. */
  skips?: readonly SkipDecision[];
  total: number | null;
  durationMs: number;
  /** Queue priority of the next page. */
  priority: number;
  /** For a sync that takes up failed pages: the one it is at. */
  failedPageId: string | null;
  /** What the walk says about absence; left out, it says nothing. */
  absence?: AbsenceFacts;
  /** The page could not be had, and the walk goes on without it: nothing of it is stored but this. */
  setAside?: { checkpoint: unknown; what: string; failure: Failure; attempts: number };
}

const SAYS_NOTHING: AbsenceFacts = { sweeps: [], isWhole: false, beginsWithKnown: false };
const NOTHING_CLOSED: ClosedWalk = { sweeps: [], warnings: [] };

export type CommitOutcome =
  | {
      kind: 'committed';
      counts: RecordCounts;
      /** The next page, whose outbox row is to be cleared once it is enqueued; null: the sync completed. */
      next: { outboxId: string; seq: number } | null;
      /** What the end of the sync decided, and what is suspicious about this page. */
      closed: ClosedWalk;
    }
  /** Nothing was written: the lease was lost, or the sync was cancelled, paused, or has moved on. */
  | { kind: 'superseded'; reason: 'lease' | 'position' };

/** Rolls the transaction back without being an error of anybody. */
class Superseded extends Error {
  override readonly name = 'Superseded';
  readonly reason: 'lease' | 'position';
  constructor(reason: 'lease' | 'position') {
    super(reason);
    this.reason = reason;
  }
}

/**
 * The page transaction: all of a page, or none of it.
 *
 * Locks, in this order: the lease row (proving that the fencing token is still the newest and unexpired), the
 * sync's row (compare and set of the position, while its status allows writing), the conversations by key, quarantine,
 * what the schemas saw.
 * Then records, quarantine, what a full walk has seen, counters, what the schemas saw, checkpoint, the outbox row of the
 * next page, and the release of the lease; on the last page of the last stream, the sweep of what vanished, the
 * watermarks and the end of the sync.
 *
 * Of a dry run the records and the sweep are rolled back, and with them the locks on conversations; all else is its own
 * record.
 */
export async function commitPage(db: Database, page: PageCommit, crash: CrashHook): Promise<CommitOutcome> {
  try {
    return await db.sql.begin(async (tx) => {
      await lockPosition(tx, page);
      const written = await writePageRecords(tx, page);
      const { counts, decisions, samples } = written;
      if (!page.walk.dryRun) await quarantineRecords(tx, page, page.invalid);
      countQuarantined(counts, page.invalid);
      const walked = {
        ...page,
        absence: page.absence ?? SAYS_NOTHING,
        setsAside: page.setAside !== undefined,
      };
      await trackSweep(tx, walked);
      crash('insideCommit', page.seq);

      const owed = await nextOwed(tx, page);
      const completes = page.next === null && owed === null && !page.hasMoreStreams;
      const closed = completes ? await closeWalk(tx, walked, written) : NOTHING_CLOSED;
      const warnings = [...(await judgeFirstPage(tx, walked)), ...closed.warnings];
      const sum = [...counts.values()].reduce(addCounts, NO_RECORDS);
      if (!reconciles(sum)) throw new Error(`The counts of a page do not add up: ${JSON.stringify(sum)}`);
      const readings = judge(page, counts);

      // None of these needs the answer of another: sent at once, they cost one round trip.
      const [next] = await Promise.all([
        completes ? null : writeNextJob(tx, page),
        writeFailedPage(tx, page),
        isAside(page.walk) ? null : writePositions(tx, page, page.positions ?? []),
        writeDecisions(tx, page.syncId, [...skipped(page), ...decisions]),
        writeResults(tx, page, counts, samples),
        isAside(page.walk) ? null : recordValidation(tx, page.connectionId, readings),
        writeWalkState(tx, page, owed),
        writePageEvent(tx, page, sum),
        recordJob(tx, page, page.setAside === undefined ? 'success' : 'failed', 'page settled'),
        moveSync(tx, page, sum, { completes, warnings }),
        tx`SELECT release_sync_lock(${leaseKey(page.connectionId)}, ${page.fencingToken}::bigint)`,
      ]);
      if (completes && isAside(page.walk)) await forgetVersions(tx, page.connectionId);
      return { kind: 'committed' as const, counts: sum, next, closed: { ...closed, warnings } };
    });
  } catch (error) {
    if (error instanceof Superseded) return { kind: 'superseded', reason: error.reason };
    throw error;
  }
}

async function lockPosition(tx: postgres.TransactionSql, page: PageCommit): Promise<void> {
  const lease = tx`
    SELECT 1 FROM sync_locks
    WHERE key = ${leaseKey(page.connectionId)} AND fencing_token = ${page.fencingToken}::bigint
      AND expires_at > clock_timestamp()
    FOR UPDATE`;
  const sync = tx`
    SELECT 1 FROM syncs
    WHERE id = ${page.syncId} AND seq = ${page.seq} AND pickup = ${page.pickup} AND status = 'running'
    FOR UPDATE`;
  const [, held, here] = await Promise.all([boundStall(tx), lease, sync]);
  if (held.length === 0) throw new Superseded('lease');
  if (here.length === 0) throw new Superseded('position');
}

function skipped({ skips = [] }: PageCommit): Decision[] {
  return skips.map((skip) => ({ ...skip, decision: 'skip', inserted: 0, updated: 0, deleted: 0 }));
}

function countQuarantined(counts: CountsByStream, invalid: readonly InvalidRecord[]): void {
  for (const { stream } of invalid) {
    const one = { ...NO_RECORDS, read: 1, quarantined: 1 };
    counts.set(stream, addCounts(counts.get(stream) ?? NO_RECORDS, one));
  }
}

/** What the schemas saw, as it is stored: of the same records as the counters, or the page is a bug. */
function judge(page: PageCommit, counts: CountsByStream): SchemaReading[] {
  const counted = [...counts].map(([stream, { read, quarantined }]) => ({ stream, read, quarantined }));
  const readings = readingsOfPage(page.validation, counted);
  if (readingsReconcile(readings, counted)) return readings;
  throw new Error(
    `What the schemas saw is not what a page counted: ${JSON.stringify({ readings, counted })}`,
  );
}

async function writeResults(
  tx: postgres.TransactionSql,
  page: PageCommit,
  counts: CountsByStream,
  samples: ReadonlyMap<string, StoredSamples>,
): Promise<void> {
  const streams = new Set([...counts.keys(), ...samples.keys()]);
  const rows = [...streams].map((stream) => ({
    stream,
    ...(counts.get(stream) ?? NO_RECORDS),
    samples: samples.get(stream) ?? {},
  }));
  if (rows.length === 0) return;
  await tx`
    INSERT INTO sync_results AS held (
      sync_id, stream, records_read, records_inserted, records_updated, records_skipped, records_stale,
      records_quarantined, records_deleted, samples
    )
    SELECT ${page.syncId}, r.stream, r.read, r.inserted, r.updated, r.skipped, r.stale, r.quarantined, r.deleted,
           r.samples
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS r(
      stream text, read int, inserted int, updated int, skipped int, stale int, quarantined int, deleted int,
      samples jsonb
    )
    ON CONFLICT (sync_id, stream) DO UPDATE
      SET records_read = held.records_read + excluded.records_read,
          records_inserted = held.records_inserted + excluded.records_inserted,
          records_updated = held.records_updated + excluded.records_updated,
          records_skipped = held.records_skipped + excluded.records_skipped,
          records_stale = held.records_stale + excluded.records_stale,
          records_quarantined = held.records_quarantined + excluded.records_quarantined,
          records_deleted = held.records_deleted + excluded.records_deleted,
          samples = CASE WHEN excluded.samples = '{}' THEN held.samples
                    ELSE (SELECT jsonb_object_agg(name, coalesce(held.samples -> name, '[]')
                                                        || coalesce(excluded.samples -> name, '[]'))
                            FROM jsonb_object_keys(held.samples || excluded.samples) AS name) END`;
}

/** A retry that came to the end of one failed page goes on with the next one it has taken up. */
async function nextOwed(tx: postgres.TransactionSql, page: PageCommit): Promise<OwedPage | null> {
  const { failedPageId } = page;
  if (failedPageId === null || page.next !== null) return null;
  const outcome = page.setAside === undefined ? 'mended' : 'failed_again';
  return closeFailedPage(tx, { ...page, failedPageId }, outcome);
}

async function writeFailedPage(tx: postgres.TransactionSql, page: PageCommit): Promise<void> {
  if (page.setAside === undefined) return;
  const { checkpoint, what, failure, attempts } = page.setAside;
  await tx`
    INSERT INTO sync_failed_pages (
      connection_id, sync_id, stream, seq, what, checkpoint, error_code, error_message, attempts
    )
    VALUES (
      ${page.connectionId}, ${page.syncId}, ${page.stream}, ${page.seq}, ${what},
      ${JSON.stringify(checkpoint)}::text::jsonb, ${failure.code}, ${failure.message}, ${attempts}
    )`;
}

async function writePageEvent(
  tx: postgres.TransactionSql,
  page: PageCommit,
  sum: RecordCounts,
): Promise<void> {
  const data = {
    syncId: page.syncId,
    seq: page.seq,
    stream: page.stream,
    records: sum,
    apiCalls: page.apiCalls,
    durationMs: page.durationMs,
    failed:
      page.setAside === undefined ? null : { what: page.setAside.what, code: page.setAside.failure.code },
  };
  await tx`INSERT INTO sync_events (sync_id, type, data) VALUES (${page.syncId}, 'page', ${JSON.stringify(data)}::text::jsonb)`;
}

/** Moves the sync from `seq` to `seq + 1`; on its last page also to `completed`, promoting the watermarks. */
async function moveSync(
  tx: postgres.TransactionSql,
  page: PageCommit,
  sum: RecordCounts,
  { completes, warnings }: { completes: boolean; warnings: SyncWarning[] },
): Promise<void> {
  const status = completes ? 'completed' : 'running';
  const cause = ['last page committed', ...new Set(warnings.map(({ code }) => code))].join(', ');
  const failed = page.setAside === undefined ? 0 : 1;
  await tx`
    UPDATE syncs
       SET seq = seq + 1, page_count = page_count + ${1 - failed}, failed_pages = failed_pages + ${failed},
           partial = failed_pages + ${failed} > 0,
           set_aside_in_a_row = CASE WHEN ${failed === 1} THEN set_aside_in_a_row + 1 ELSE 0 END,
           api_calls = api_calls + ${page.apiCalls},
           records_read = records_read + ${sum.read}, records_inserted = records_inserted + ${sum.inserted},
           records_updated = records_updated + ${sum.updated}, records_skipped = records_skipped + ${sum.skipped},
           records_stale = records_stale + ${sum.stale},
           records_quarantined = records_quarantined + ${sum.quarantined},
           records_deleted = records_deleted + ${sum.deleted},
           warnings = warnings || ${JSON.stringify(warnings)}::text::jsonb,
           records_total = coalesce(${page.total}, records_total),
           attempt = 1, next_run_at = NULL,
           error_code = NULL, error_message = NULL, error_action = NULL, error_retryable = NULL,
           heartbeat_at = clock_timestamp(),
           status = ${status}::sync_status,
           status_cause = CASE WHEN ${completes} THEN ${cause} ELSE status_cause END,
           status_worker = CASE WHEN ${completes} THEN ${page.worker} ELSE status_worker END,
           finished_at = CASE WHEN ${completes} THEN clock_timestamp() END
     WHERE id = ${page.syncId}`;
  if (!completes) return;
  // What is still owed holds the watermark back: it waits until a retry has brought the failed pages.
  await tx`
    UPDATE sync_state t
       SET watermark = CASE WHEN s.partial THEN t.watermark ELSE coalesce(t.pending_watermark, t.watermark) END,
           pending_watermark = CASE WHEN s.partial THEN t.pending_watermark END,
           checkpoint = NULL, updated_at = clock_timestamp()
      FROM syncs s
     WHERE s.id = ${page.syncId} AND t.connection_id = ${page.connectionId} AND t.sync_id = ${page.syncId}`;
}

async function recordJob(
  tx: postgres.TransactionSql,
  page: PageCommit,
  to: JobStatus,
  cause: string,
): Promise<void> {
  const { syncId, seq, pickup, worker } = page;
  const jobId = jobIdOf('sync-page', { syncId, seq, pickup });
  await tx`SELECT tidemark_record_job(${syncId}, ${jobId}, ${to}, ${cause}, ${to === 'pending' ? null : worker})`;
}

async function writeNextJob(
  tx: postgres.TransactionSql,
  page: PageCommit,
): Promise<{ outboxId: string; seq: number }> {
  const seq = page.seq + 1;
  const payload = { syncId: page.syncId, seq, pickup: page.pickup };
  const job = { name: 'sync-page', payload, priority: page.priority };
  const [row] = await tx<{ id: string }[]>`
    INSERT INTO outbox (kind, payload) VALUES ('job', ${JSON.stringify(job)}::text::jsonb) RETURNING id`;
  if (row === undefined) throw new Error('INSERT INTO outbox returned no row.');
  await recordJob(tx, { ...page, seq }, 'pending', 'page committed');
  return { outboxId: row.id, seq };
}
