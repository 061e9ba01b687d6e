import { storableJson } from '@tidemark/core/json';
import type { PlainRecord } from '@tidemark/core/records';
import type postgres from 'postgres';

/** Records as the statements about them read them. */
export function plainRecordsInput(records: readonly PlainRecord[]): string {
  const rows = records.map(({ externalId, data, asOf, contentHash }) => {
    const { value, original } = storableJson(data);
    return { external_id: externalId, data: value, original, as_of: asOf, content_hash: contentHash };
  });
  return JSON.stringify(rows);
}

/**
 * Writes records of a stream without tables of its own, inside the caller's transaction: unknown is inserted, the same
 * hash left alone, a newer `(as_of, content_hash)` replaces, an older one is stale. Rows are written in the order of their
 * ids, so that concurrent writers cannot deadlock.
 */
export async function writePlainRecords(
  tx: postgres.TransactionSql,
  connectionId: string,
  group: { stream: string; rows: readonly PlainRecord[] },
): Promise<{ inserted: number; updated: number; stale: number }> {
  const [counts] = await tx<{ inserted: number; updated: number; stale: number }[]>`
    WITH given AS (
      SELECT DISTINCT ON (g.external_id COLLATE "C") g.*
      FROM jsonb_to_recordset(${plainRecordsInput(group.rows)}::text::jsonb) AS g(
        external_id text, data jsonb, original text, as_of timestamptz, content_hash text
      )
      ORDER BY g.external_id COLLATE "C", g.as_of DESC, g.content_hash COLLATE "C" DESC
    ), changed AS (
      SELECT g.* FROM given g
      WHERE NOT EXISTS (
        SELECT 1 FROM synced_records r
        WHERE r.connection_id = ${connectionId} AND r.stream = ${group.stream} AND r.external_id = g.external_id
          AND r.content_hash = g.content_hash AND r.deleted_at IS NULL
      )
    ), written AS (
      INSERT INTO synced_records AS r (connection_id, stream, external_id, data, original, as_of, content_hash)
      SELECT ${connectionId}, ${group.stream}, c.external_id, c.data, c.original, c.as_of, c.content_hash
      FROM changed c ORDER BY c.external_id COLLATE "C"
      ON CONFLICT (connection_id, stream, external_id) DO UPDATE
        SET data = excluded.data, original = excluded.original, as_of = excluded.as_of,
            content_hash = excluded.content_hash, version = r.version + 1, deleted_at = NULL, updated_at = now()
        WHERE (excluded.as_of, excluded.content_hash) > (r.as_of, r.content_hash)
      RETURNING r.version
    )
    SELECT count(*) FILTER (WHERE w.version = 1)::integer AS inserted,
           count(*) FILTER (WHERE w.version > 1)::integer AS updated,
           ((SELECT count(*) FROM changed) - count(*))::integer AS stale
    FROM written w`;
  if (counts === undefined) throw new Error('INSERT INTO synced_records returned no row.');
  return counts;
}
