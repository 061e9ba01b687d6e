import type { SampledOutcome } from '@tidemark/core/contracts';
import type { StreamRecords } from '@tidemark/core/records';
import type postgres from 'postgres';
import { addPlainRecords, addSessionFiles, type WrittenRecords } from '../write-records.ts';
import { writePlainRecords } from '../write-plain-records.ts';
import { type SessionFilesWritten, sessionFilesInput } from '../write-session-files.ts';
import type { Content } from './record-contents.ts';
import type { Distrusted, RowRecords } from './distrust-group.ts';
import { changesBetween, type SampleQuota } from './samples.ts';
import type { WalkRow } from './walk-rows.ts';

export interface Trial {
  syncId: string;
  connectionId: string;
  quota: SampleQuota;
  written: WrittenRecords;
  /** What a verification found to be otherwise than its own hash says. */
  distrusted: Distrusted;
}

/**
 * Writes a group of records of a dry run's page where the pages before it would have left everything, adds to `written`
 * what that came to, and returns what later pages have to know. The caller rolls it back. Of a walk that keeps nothing of
 * its pages, which is a repair, it writes what any sync writes.
 */
export async function tryGroup(
  tx: postgres.TransactionSql,
  trial: Trial,
  group: RowRecords,
): Promise<readonly WalkRow[]> {
  switch (group.kind) {
    case 'sessionFiles':
      return trySessionFiles(tx, trial, group);
    case 'records':
      return tryPlainRecords(tx, trial, group);
  }
}

interface TriedSample {
  stream: string;
  outcome: SampledOutcome;
  key: Record<string, string>;
  before: Content | null;
  after: Content;
}

/** Files that are gone are not tried: it changes no figure. */
async function trySessionFiles(
  tx: postgres.TransactionSql,
  { syncId, connectionId, quota, written, distrusted }: Trial,
  group: Extract<StreamRecords, { kind: 'sessionFiles' }>,
): Promise<readonly WalkRow[]> {
  if (group.rows.length === 0) return [];
  const { chunks, lines } = sessionFilesInput(group.rows);
  const [row] = await tx<
    { tried: { written: SessionFilesWritten; rows: WalkRow[]; samples: TriedSample[] } }[]
  >`
    SELECT tidemark_try_session_files(
      ${syncId}, ${connectionId}, ${chunks}::text::jsonb, ${lines}::text::json, ${quota.max},
      ${distrusted.keys}::text[], ${distrusted.sessions}::text[]) AS tried`;
  if (row === undefined) throw new Error('tidemark_try_session_files returned no row.');
  const { tried } = row;
  addSessionFiles(written, tried.written);
  for (const { stream, outcome, key, before, after } of tried.samples) {
    const changes =
      outcome === 'inserted' || outcome === 'updated' ? changesBetween(before ?? undefined, after) : [];
    quota.add(stream, outcome, { key, changes });
  }
  return tried.rows;
}

async function tryPlainRecords(
  tx: postgres.TransactionSql,
  { syncId, connectionId, quota, written }: Trial,
  group: Extract<StreamRecords, { kind: 'records' }>,
): Promise<readonly WalkRow[]> {
  const { stream } = group;
  const keys = group.rows.map(({ externalId }) => JSON.stringify([stream, externalId]));
  const ids = group.rows.map(({ externalId }) => externalId);
  await tx`
    DELETE FROM synced_records r USING walk_rows w
    WHERE w.sync_id = ${syncId} AND w.kind = 'record' AND w.key = ANY (${keys}::text[])
      AND r.connection_id = ${connectionId} AND r.stream = ${stream} AND r.external_id = w.row ->> 'external_id'`;
  await tx`
    INSERT INTO synced_records
    SELECT r.* FROM walk_rows w CROSS JOIN LATERAL jsonb_populate_record(NULL::synced_records, w.row) AS r
    WHERE w.sync_id = ${syncId} AND w.kind = 'record' AND w.key = ANY (${keys}::text[])`;
  const look = () => tx<{ id: string; version: number; row: unknown }[]>`
    SELECT r.external_id AS id, r.version, to_jsonb(r) || '{"data": {}, "original": null}' AS row FROM synced_records r
    WHERE r.connection_id = ${connectionId} AND r.stream = ${stream} AND r.external_id = ANY (${ids}::text[])
    ORDER BY r.external_id`;
  const before = new Map((await look()).map((one) => [one.id, one.version]));
  addPlainRecords(written, group, await writePlainRecords(tx, connectionId, group));
  const after = await look();
  for (const { id, version } of after) {
    const outcome = !before.has(id) ? 'inserted' : before.get(id) === version ? 'skipped' : 'updated';
    quota.add(stream, outcome, { key: { recordId: id }, changes: [] });
  }
  return after
    .filter(({ id, version }) => before.get(id) !== version)
    .map(({ id, row }) => ({
      kind: 'record',
      key: JSON.stringify([stream, id]),
      m: null,
      s: null,
      f: null,
      row,
    }));
}
