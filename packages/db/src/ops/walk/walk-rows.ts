import type postgres from 'postgres';

/** A row as it would be after a page of a dry run; see `walk_rows` in the schema. */
export interface WalkRow {
  kind: 'file' | 'line' | 'message' | 'session' | 'record';
  key: string;
  /** Message key, session and file, by which later pages find it. */
  m: string | null;
  s: string | null;
  f: number | null;
  /** Null: it would be gone. */
  row: unknown;
}

/** Keeps rows as a page of a dry run would have left them, for the pages that follow. */
export async function rememberRows(
  tx: postgres.TransactionSql,
  syncId: string,
  rows: readonly WalkRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx`
    INSERT INTO walk_rows AS held (sync_id, kind, key, message_key, session_id, file_id, row)
    SELECT ${syncId}, r.kind, r.key, r.m, r.s, r.f, nullif(r.row, 'null')
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS r(
      kind text, key text, m text, s text, f bigint, row jsonb
    )
    ON CONFLICT (sync_id, kind, key) DO UPDATE
      SET message_key = excluded.message_key, session_id = excluded.session_id, file_id = excluded.file_id,
          row = excluded.row`;
}
