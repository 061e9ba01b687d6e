import type { InvalidRecord, StreamRecords, SweepableKind } from '@tidemark/core/records';
import type { SweepDoubt, SyncWarning } from '@tidemark/core/sync';
import type postgres from 'postgres';
import { isAside, type Walk } from './walk/walk.ts';

/** What the walk of a page says about absence, as its connector declares it. */
export interface AbsenceFacts {
  /** The streams of the sync whose full walks show everything, and the kind of their records. */
  sweeps: readonly { stream: string; kind: SweepableKind }[];
  /** Read on the last page of a stream: it proved that it saw everything. */
  isWhole: boolean;
  /** Also an incremental walk of the stream begins with records that may be known. */
  beginsWithKnown: boolean;
}

export interface ShownPage {
  syncId: string;
  connectionId: string;
  seq: number;
  stream: string;
  records: readonly StreamRecords[];
  invalid: readonly InvalidRecord[];
  next: unknown;
  /** The page could not be had: what it would have shown is not known. */
  setsAside: boolean;
  absence: AbsenceFacts;
  walk: Walk;
}

interface SeenKey {
  key: string;
  is_quarantined: boolean;
}

/**
 * Keeps what a page has shown beside the tables, inside the caller's page transaction: for the sweep of the page's own
 * full walk, and for one that waits for approval, so that what the source shows meanwhile is not deleted. The sweeps of
 * dry runs and verifications are their own: they wait for nobody, and only what repairs adds to one that does.
 *
 * Locks, after those of a page (conversations, quarantine): the rows of the sweeps, shared, so that an approval under
 * way is waited for or waits. It skips conversations that are locked, so the two cannot deadlock.
 */
export async function trackSweep(tx: postgres.TransactionSql, page: ShownPage): Promise<void> {
  const { sweeps, isWhole } = page.absence;
  if (sweeps.length === 0) return;
  if (page.seq === 0) await openSweeps(tx, page);
  if (!sweeps.some(({ stream }) => stream === page.stream)) return;
  await noteSeen(tx, page);
  if (page.invalid.some((record) => record.stream === page.stream && record.externalId === null)) {
    await noteDoubt(tx, page, 'record_unnamed');
  }
  if (page.next === null && !isWhole) await noteDoubt(tx, page, 'walk_unproved');
}

/**
 * The first page of a full walk opens its sweeps. What a stopped sync left behind cannot be gone on with once another
 * one has begun, and a new full walk decides anew about what an old one had to ask about. A dry run or a verification
 * does neither to a sync, only to a stopped one of its own sort.
 */
async function openSweeps(tx: postgres.TransactionSql, page: ShownPage): Promise<void> {
  await tx`
    WITH walk AS MATERIALIZED (
      SELECT s.id, s.connection_id, s.started_at, s.mode = 'full' AND NOT EXISTS (
               SELECT 1 FROM tidemark_walk_of(s.id) AS w JOIN syncs p ON p.id = w.sync_id
               WHERE p.id <> s.id AND p.seq > 0
             ) AS is_new
      FROM syncs s WHERE s.id = ${page.syncId}
    ), former AS MATERIALIZED (
      SELECT f.id FROM sync_sweeps f JOIN walk ON walk.connection_id = f.connection_id
      WHERE f.sync_id <> walk.id AND (f.is_aside OR NOT ${isAside(page.walk)}::boolean)
        AND (f.status = 'walking' OR (f.status = 'held' AND NOT f.is_aside AND walk.is_new))
      ORDER BY f.id
      FOR UPDATE OF f
    ), superseded AS (
      UPDATE sync_sweeps SET status = 'superseded', decided_at = clock_timestamp()
      WHERE id IN (SELECT id FROM former)
    ), forgotten AS (
      DELETE FROM sync_seen WHERE sweep_id IN (SELECT id FROM former)
    )
    INSERT INTO sync_sweeps (sync_id, connection_id, stream, is_aside, kind, walk_started_at)
    SELECT walk.id, walk.connection_id, d.stream, ${isAside(page.walk)}, d.kind, walk.started_at
    FROM walk, jsonb_to_recordset(${JSON.stringify(page.absence.sweeps)}::text::jsonb) AS d(stream text, kind text)
    WHERE walk.is_new`;
}

async function noteSeen(tx: postgres.TransactionSql, page: ShownPage): Promise<void> {
  const keys = seenKeys(page);
  if (keys.length === 0) return;
  await tx`
    WITH undecided AS MATERIALIZED (
      SELECT id FROM sync_sweeps
      WHERE connection_id = ${page.connectionId} AND stream = ${page.stream}
        AND ((status = 'held' AND NOT is_aside AND NOT ${page.walk.dryRun}::boolean)
             OR (status = 'walking' AND sync_id = ${page.syncId}))
      ORDER BY id
      FOR SHARE
    )
    INSERT INTO sync_seen (sweep_id, key, is_quarantined)
    SELECT u.id, k.key, k.is_quarantined
    FROM undecided u,
         jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb) AS k(key text, is_quarantined boolean)
    ON CONFLICT DO NOTHING`;
}

/** A record that cannot be stored is there nevertheless. */
function seenKeys({ records, invalid, stream }: ShownPage): SeenKey[] {
  const stored = records
    .flatMap((group) => (group.kind === 'conversations' ? group.rows : []))
    .map((row) => ({ key: `${row.pageId} ${row.senderId}`, is_quarantined: false }));
  const quarantined = invalid.flatMap((record) =>
    record.stream === stream && record.externalId !== null
      ? [{ key: record.externalId, is_quarantined: true }]
      : [],
  );
  return [...stored, ...quarantined];
}

async function noteDoubt(tx: postgres.TransactionSql, page: ShownPage, doubt: SweepDoubt): Promise<void> {
  await tx`
    UPDATE sync_sweeps SET doubt = coalesce(doubt, ${doubt})
    WHERE sync_id = ${page.syncId} AND stream = ${page.stream} AND status = 'walking'`;
}

/**
 * A warning when the first page of a sync brought nothing though the connection had records of the stream before. Of an
 * incremental walk that is worth a word only where it begins with what may be known. Dry runs and verifications are
 * judged like others, and are no measure for others.
 */
export async function judgeFirstPage(tx: postgres.TransactionSql, page: ShownPage): Promise<SyncWarning[]> {
  const isEmpty = page.invalid.length === 0 && page.records.every((group) => group.rows.length === 0);
  if (page.seq > 0 || page.setsAside || !isEmpty) return [];
  const [found] = await tx`
    SELECT 1
    FROM syncs s
    WHERE s.id = ${page.syncId} AND s.retry_of IS NULL AND (s.mode = 'full' OR ${page.absence.beginsWithKnown})
      AND EXISTS (
        SELECT 1 FROM syncs b JOIN sync_results r ON r.sync_id = b.id
        WHERE b.connection_id = s.connection_id AND b.id <> s.id AND b.status = 'completed'
          AND NOT b.dry_run AND b.purpose = 'sync'
          AND r.stream = ${page.stream} AND r.records_read > 0
      )`;
  if (found === undefined) return [];
  const message = `The first page of "${page.stream}" was empty; there were records before.`;
  return [{ code: 'first_page_empty', stream: page.stream, message }];
}
