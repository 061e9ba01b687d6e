import type { PositionChange } from '@tidemark/core/connector';
import type postgres from 'postgres';

/** Stores where a walk stands in the parts of its source, inside the page's transaction. */
export async function writePositions(
  tx: postgres.TransactionSql,
  origin: { connectionId: string; stream: string },
  changes: readonly PositionChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const gone = changes.filter(({ position }) => position === null).map(({ key }) => key);
  const kept = changes.filter(({ position }) => position !== null);
  await tx`
    DELETE FROM source_positions
    WHERE connection_id = ${origin.connectionId} AND stream = ${origin.stream} AND key = ANY (${gone}::text[])`;
  await tx`
    INSERT INTO source_positions AS held (connection_id, stream, key, position)
    SELECT ${origin.connectionId}, ${origin.stream}, p.key, p.position
    FROM jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb) AS p(key text, position jsonb)
    ON CONFLICT (connection_id, stream, key) DO UPDATE
      SET position = excluded.position, updated_at = clock_timestamp()`;
}
