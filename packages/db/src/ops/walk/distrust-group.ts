import type { StreamRecords } from '@tidemark/core/records';
import type postgres from 'postgres';
import { plainRecordsInput } from '../write-plain-records.ts';
import { sessionFilesInput } from '../write-session-files.ts';

/** Kinds that are told by whole rows, not by versions alone. */
export type RowRecords = Exclude<StreamRecords, { kind: 'conversations' }>;

/** Rows that have to be made anew although nothing the page brings is new: keys of messages, and sessions. */
export interface Distrusted {
  keys: readonly string[];
  sessions: readonly string[];
}

export const NOTHING_DISTRUSTED: Distrusted = { keys: [], sessions: [] };

/**
 * Readies what is stored of a group for a comparison with what the source says now, as `distrustRecords` does for
 * conversations: a row that holds something else than its hash says loses the hash, so that the page counts as a change.
 */
export async function distrustGroup(
  tx: postgres.TransactionSql,
  connectionId: string,
  group: RowRecords,
): Promise<Distrusted> {
  if (group.rows.length === 0) return NOTHING_DISTRUSTED;
  switch (group.kind) {
    case 'sessionFiles':
      return distrustSessionFiles(tx, connectionId, group);
    case 'records':
      return distrustPlainRecords(tx, connectionId, group);
  }
}

async function distrustSessionFiles(
  tx: postgres.TransactionSql,
  connectionId: string,
  group: Extract<StreamRecords, { kind: 'sessionFiles' }>,
): Promise<Distrusted> {
  const { chunks, lines } = sessionFilesInput(group.rows);
  const [row] = await tx<{ distrusted: Distrusted }[]>`
    SELECT tidemark_distrust_session_files(${connectionId}, ${chunks}::text::jsonb, ${lines}::text::json) AS distrusted`;
  if (row === undefined) throw new Error('tidemark_distrust_session_files returned no row.');
  return row.distrusted;
}

async function distrustPlainRecords(
  tx: postgres.TransactionSql,
  connectionId: string,
  { stream, rows }: Extract<StreamRecords, { kind: 'records' }>,
): Promise<Distrusted> {
  await tx`
    UPDATE synced_records r SET content_hash = '', as_of = '-infinity'
    FROM jsonb_to_recordset(${plainRecordsInput(rows)}::text::jsonb) AS g(
      external_id text, data jsonb, original text, content_hash text
    )
    WHERE r.connection_id = ${connectionId} AND r.stream = ${stream} AND r.external_id = g.external_id
      AND r.content_hash = g.content_hash AND (r.data, r.original) IS DISTINCT FROM (g.data, g.original)`;
  return NOTHING_DISTRUSTED;
}
