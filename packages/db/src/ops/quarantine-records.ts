import { contentHash } from '@tidemark/core/hashing';
import { storableJson } from '@tidemark/core/json';
import type { InvalidRecord } from '@tidemark/core/records';
import type postgres from 'postgres';

/**
 * Keeps records that failed validation, whole, inside the caller's transaction. The same record read again is
 * the same row: it is counted, not kept twice, and stays replayed or discarded if it was. Other content is another
 * fingerprint, and so another row, which is open.
 */
export async function quarantineRecords(
  tx: postgres.TransactionSql,
  origin: { connectionId: string; syncId: string | null },
  invalid: readonly InvalidRecord[],
): Promise<void> {
  if (invalid.length === 0) return;
  const rows = invalid.map((record) => {
    const raw = storableJson(record.raw);
    return {
      stream: record.stream,
      external_id: record.externalId,
      parent_id: record.parentId ?? null,
      as_of: record.asOf ?? null,
      reason: record.reason,
      path: record.path,
      raw: raw.value,
      raw_original: raw.original,
      fingerprint: contentHash([record.externalId, record.raw]),
    };
  });
  const unique = [...new Map(rows.map((row) => [`${row.stream} ${row.fingerprint}`, row])).values()];
  await tx`
    INSERT INTO quarantine AS held (
      connection_id, sync_id, stream, external_id, parent_id, as_of, reason, path, raw, raw_original, fingerprint
    )
    -- A record that is null itself is a JSON null, which recordset functions give out as no value at all.
    SELECT ${origin.connectionId}, ${origin.syncId}, q.stream, q.external_id, q.parent_id, q.as_of,
           q.reason, q.path, coalesce(q.raw, 'null'), q.raw_original, q.fingerprint
    FROM jsonb_to_recordset(${JSON.stringify(unique)}::text::jsonb) AS q(
      stream text, external_id text, parent_id text, as_of timestamptz, reason text, path text, raw jsonb,
      raw_original text, fingerprint text
    )
    ORDER BY q.stream, q.fingerprint
    ON CONFLICT (connection_id, stream, fingerprint) DO UPDATE
      SET sync_id = coalesce(excluded.sync_id, held.sync_id), parent_id = coalesce(excluded.parent_id, held.parent_id),
          as_of = greatest(excluded.as_of, held.as_of), reason = excluded.reason, path = excluded.path,
          seen_count = held.seen_count + 1, last_seen_at = now()`;
}
