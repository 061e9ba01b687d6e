import type { RecordSample } from '@tidemark/core/contracts';
import type { StreamRecords, SweepableKind } from '@tidemark/core/records';
import {
  addCounts,
  judgeResult,
  needsApproval,
  NO_RECORDS,
  type SweepDoubt,
  type SweepStatus,
  type SyncWarning,
} from '@tidemark/core/sync';
import type postgres from 'postgres';
import {
  countVanishedConversations,
  markVanishedConversations,
  sampleVanishedConversations,
  type Walked,
} from './sweep-conversations.ts';
import { findExtraConversations, findExtraMessages } from './walk/find-extra.ts';
import { findExtraInSessions, findExtraPlainRecords } from './walk/find-extra-rows.ts';
import { rollBack } from './walk/roll-back.ts';
import { DRY_RUN_SAMPLES_MAX } from './walk/samples.ts';
import { isAside, type Walk } from './walk/walk.ts';
import type { WrittenPage } from './walk/write-page-records.ts';
import type { CountsByStream } from './write-records.ts';

/** What became of the sweep of a stream. */
export interface ClosedSweep {
  stream: string;
  status: Extract<SweepStatus, 'swept' | 'held' | 'skipped'>;
  reason: SweepDoubt | null;
  wouldDelete: number;
  of: number;
  deleted: number;
}

export interface ClosedWalk {
  sweeps: ClosedSweep[];
  warnings: SyncWarning[];
}

interface Sweeper {
  count(tx: postgres.TransactionSql, walked: Walked): Promise<{ wouldDelete: number; of: number }>;
  mark(tx: postgres.TransactionSql, walked: Walked): Promise<number>;
  /** Some of those that `mark` would mark. */
  sample(tx: postgres.TransactionSql, walked: Walked, max: number): Promise<RecordSample[]>;
}

export const SWEEPERS: Readonly<Record<SweepableKind, Sweeper>> = {
  conversations: {
    count: countVanishedConversations,
    mark: markVanishedConversations,
    sample: sampleVanishedConversations,
  },
};

/** The last page of a walk. */
interface LastPage {
  syncId: string;
  connectionId: string;
  walk: Walk;
  /** Of the records of all its streams. */
  kinds: readonly StreamRecords['kind'][];
  /** It could not be had. */
  setsAside: boolean;
}

/**
 * What the end of a sync decides beside its status, inside the transaction of its last page: its sweeps, whose deletions
 * are added to what the page has written; what is extra, if it verifies; and what is suspicious about its result. A dry
 * run decides the same and takes its deletions back.
 *
 * Locks, after those of a page: the rows of its sweeps, then the conversations it deletes, without waiting for any.
 */
export async function closeWalk(
  tx: postgres.TransactionSql,
  page: LastPage,
  written: WrittenPage,
): Promise<ClosedWalk> {
  const { counts, samples } = written;
  const tellsExtra = page.walk.purpose === 'verify' && (await sawAll(tx, page));
  // Before anything of it is deleted; of the messages of what was deleted there is no need to speak.
  const tellsExtraOf = (kind: StreamRecords['kind']) => tellsExtra && page.kinds.includes(kind);
  if (tellsExtraOf('conversations')) await findExtraConversations(tx, page);
  const sweeps = await closeSweeps(tx, page);
  if (tellsExtraOf('conversations')) await findExtraMessages(tx, page);
  if (tellsExtraOf('records')) await findExtraPlainRecords(tx, page, written);
  if (tellsExtraOf('sessionFiles')) await findExtraInSessions(tx, page, written);
  for (const { stream, deleted, sample } of sweeps) {
    if (deleted > 0)
      counts.set(stream, addCounts(counts.get(stream) ?? NO_RECORDS, { ...NO_RECORDS, deleted }));
    if (sample.length > 0) samples.set(stream, { ...samples.get(stream), deleted: sample });
  }
  const results = page.setsAside ? [] : await judgeResults(tx, page.syncId, counts);
  const warnings = sweeps.flatMap((sweep) => warningsOf(sweep, page.walk));
  return { sweeps: sweeps.map(({ sample: _, ...sweep }) => sweep), warnings: [...results, ...warnings] };
}

/** Whether the walk left no page out, and no stream of it says that it may have missed something. */
async function sawAll(tx: postgres.TransactionSql, page: LastPage): Promise<boolean> {
  if (page.setsAside) return false;
  const [doubtful] = await tx`
    SELECT 1 FROM syncs s
    WHERE s.id = ${page.syncId} AND (s.failed_pages > 0 OR EXISTS (
      SELECT 1 FROM sync_sweeps w WHERE w.sync_id = s.id AND w.doubt = 'walk_unproved'))`;
  return doubtful === undefined;
}

interface OpenSweep extends Walked {
  stream: string;
  kind: SweepableKind;
  doubt: SweepDoubt | null;
  /** Pages before the last one were set aside. */
  isPartial: boolean;
  maxShare: number;
}

type SampledSweep = ClosedSweep & { sample: RecordSample[] };

async function closeSweeps(tx: postgres.TransactionSql, page: LastPage): Promise<SampledSweep[]> {
  const open = await tx<OpenSweep[]>`
    SELECT w.id AS "sweepId", w.connection_id AS "connectionId", w.stream, w.kind, w.doubt,
           s.failed_pages > 0 AS "isPartial", c.sweep_max_share AS "maxShare"
    FROM sync_sweeps w JOIN syncs s ON s.id = w.sync_id JOIN connections c ON c.id = w.connection_id
    WHERE w.sync_id = ${page.syncId} AND w.status = 'walking'
    ORDER BY w.id
    FOR UPDATE OF w`;
  const closed: SampledSweep[] = [];
  for (const sweep of open) {
    const doubt = page.setsAside || sweep.isPartial ? 'partial' : sweep.doubt;
    const outcome = page.walk.dryRun
      ? await rollBack(tx, (nested) => closeSweep(nested, { ...sweep, doubt }, page.walk))
      : await closeSweep(tx, { ...sweep, doubt }, page.walk);
    const isDecided = outcome.status !== 'held' || isAside(page.walk);
    await tx`
      UPDATE sync_sweeps
         SET status = ${outcome.status}, doubt = ${outcome.reason}, would_delete = ${outcome.wouldDelete},
             stored_before = ${outcome.of}, max_share = ${sweep.maxShare}, deleted = ${outcome.deleted},
             decided_at = CASE WHEN ${isDecided} THEN clock_timestamp() END
       WHERE id = ${sweep.sweepId}`;
    if (isDecided) await forgetSeen(tx, sweep.sweepId);
    closed.push(outcome);
  }
  return closed;
}

async function closeSweep(tx: postgres.TransactionSql, sweep: OpenSweep, walk: Walk): Promise<SampledSweep> {
  const { stream, kind, maxShare, doubt } = sweep;
  const nothing = { wouldDelete: 0, of: 0, deleted: 0, sample: [] };
  if (doubt !== null) return { stream, status: 'skipped', reason: doubt, ...nothing };
  const sweeper = SWEEPERS[kind];
  const { wouldDelete, of } = await sweeper.count(tx, sweep);
  const figures = { stream, reason: null, wouldDelete, of };
  if (needsApproval({ wouldDelete, of, shareMax: maxShare }))
    return { ...figures, status: 'held', deleted: 0, sample: [] };
  if (wouldDelete === 0) return { ...figures, status: 'swept', deleted: 0, sample: [] };
  const isSampled = walk.dryRun && walk.purpose === 'sync';
  const sample = isSampled ? await sweeper.sample(tx, sweep, DRY_RUN_SAMPLES_MAX) : [];
  return { ...figures, status: 'swept', deleted: await sweeper.mark(tx, sweep), sample };
}

/** What was seen serves nobody once it is decided. */
export async function forgetSeen(tx: postgres.TransactionSql, sweepId: string): Promise<void> {
  await tx`DELETE FROM sync_seen WHERE sweep_id = ${sweepId}`;
}

/** A partial sync tells by itself that something is missing. */
function warningsOf({ stream, status, reason, wouldDelete, of }: ClosedSweep, walk: Walk): SyncWarning[] {
  if (status === 'held') {
    const message =
      `${wouldDelete} of ${of} stored records of "${stream}" were not shown by the source any more. That is more ` +
      `than may be deleted unasked, so they ${whatIsHeld(walk)}.`;
    return [{ code: 'sweep_held', stream, message }];
  }
  if (status !== 'skipped' || reason === 'partial') return [];
  const message =
    reason === 'record_unnamed'
      ? `A record of "${stream}" has no id, so that none can be said to have vanished. Nothing was deleted.`
      : `It could not be proved that all of "${stream}" was seen. Nothing was deleted.`;
  return [{ code: 'sweep_skipped', stream, message }];
}

function whatIsHeld({ dryRun, purpose }: Walk): string {
  if (dryRun) return 'would be kept';
  return purpose === 'verify'
    ? 'are kept; a full sync can be asked to delete them'
    : 'are kept until it is approved';
}

/**
 * Compares a full walk with the last one that was complete, by stream. A walk may be spread over a sync and its retries.
 * Dry runs and verifications are compared as well, but nothing is compared with them: they may never have been written.
 */
async function judgeResults(
  tx: postgres.TransactionSql,
  syncId: string,
  counts: CountsByStream,
): Promise<SyncWarning[]> {
  const rows = await tx<{ stream: string; read: number; before: number }[]>`
    WITH this AS (
      SELECT id, connection_id FROM syncs WHERE id = ${syncId} AND mode = 'full' AND failed_pages = 0
    ), last AS (
      SELECT b.id FROM syncs b JOIN this ON this.connection_id = b.connection_id
      WHERE b.id <> this.id AND b.mode = 'full' AND b.status = 'completed' AND NOT b.partial
        AND NOT b.dry_run AND b.purpose = 'sync'
      ORDER BY b.created_at DESC, b.id DESC LIMIT 1
    ), added AS (
      SELECT r.stream, r.records_read, r.sync_id IN (SELECT sync_id FROM last, tidemark_walk_of(last.id)) AS is_before
      FROM sync_results r
      WHERE r.sync_id IN (SELECT sync_id FROM last, tidemark_walk_of(last.id)
                          UNION ALL SELECT sync_id FROM this, tidemark_walk_of(this.id))
    )
    SELECT stream, coalesce(sum(records_read) FILTER (WHERE NOT is_before), 0)::int AS read,
           coalesce(sum(records_read) FILTER (WHERE is_before), 0)::int AS before
    FROM added GROUP BY stream ORDER BY stream`;
  return rows.flatMap(({ stream, read, before }) => {
    const warning = judgeResult({ stream, read: read + (counts.get(stream)?.read ?? 0), before });
    return warning === null ? [] : [warning];
  });
}
