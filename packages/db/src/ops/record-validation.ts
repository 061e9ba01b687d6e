import type { SchemaReading } from '@tidemark/core/validation';
import type postgres from 'postgres';

/** Rows for each schema and day at most. More sessions than that write for one connection only under heavy load. */
const SLOTS = 16;

/**
 * Adds what schemas saw to the figures of a connection and this day (UTC), inside the transaction that stores the same
 * responses and records: so the figures are of what was committed, and of that all.
 *
 * Locks the rows of these schemas in the slot of this session, in the order of their names, after everything that other connections or deliveries
 * contend for: conversations and quarantine. At most one reading for each kind and schema (`mergeReadings`).
 */
export async function recordValidation(
  tx: postgres.TransactionSql,
  connectionId: string,
  readings: readonly SchemaReading[],
): Promise<void> {
  if (readings.length === 0) return;
  await tx`
    INSERT INTO validation_counts AS held (
      connection_id, day, kind, schema, slot, passed, repaired, quarantined, fallbacks
    )
    SELECT ${connectionId}, (clock_timestamp() AT TIME ZONE 'UTC')::date, r.kind, r.schema, pg_backend_pid() % ${SLOTS},
           r.passed, r.repaired, r.quarantined, r.fallbacks
    FROM jsonb_to_recordset(${JSON.stringify(readings)}::text::jsonb) AS r(
      kind text, schema text, passed bigint, repaired bigint, quarantined bigint, fallbacks jsonb
    )
    ORDER BY r.kind, r.schema
    ON CONFLICT (connection_id, day, kind, schema, slot) DO UPDATE
      SET passed = held.passed + excluded.passed, repaired = held.repaired + excluded.repaired,
          quarantined = held.quarantined + excluded.quarantined,
          fallbacks = CASE WHEN excluded.fallbacks = '{}' THEN held.fallbacks ELSE (
            SELECT jsonb_object_agg(name, count) FROM (
              SELECT name, sum(value::bigint) AS count FROM (
                SELECT * FROM jsonb_each_text(held.fallbacks)
                UNION ALL SELECT * FROM jsonb_each_text(excluded.fallbacks)
              ) AS both_of(name, value)
              GROUP BY name
            ) AS added
          ) END`;
}
