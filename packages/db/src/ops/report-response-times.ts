import { observeResponses, type ResponseTimes } from '@tidemark/core/limits';
import { type Database, withoutWaiting } from '../database.ts';

/**
 * Adds how long answers took to the response times of the pools their calls spent from. Read and written under the row
 * lock of each pool, in the order of their names, so that of several workers none forgets what another one saw.
 */
export async function reportResponseTimes(
  db: Database,
  pools: readonly string[],
  tookMs: readonly number[],
): Promise<void> {
  if (pools.length === 0 || tookMs.length === 0) return;
  await db.sql.begin(async (tx) => {
    const rows = await tx<
      ({ pool: string; elapsedMs: number } & { [K in keyof ResponseTimes]: number | null })[]
    >`
      SELECT pool, response_ms AS "recentMs", usual_response_ms AS "usualMs",
             coalesce(extract(epoch FROM clock_timestamp() - response_at) * 1000, 0)::float8 AS "elapsedMs"
      FROM limit_pools WHERE pool = ANY (${pools as string[]}::text[]) ORDER BY pool FOR UPDATE`;
    const next = rows.map(({ pool, recentMs, usualMs, elapsedMs }) => {
      const known = recentMs === null || usualMs === null ? null : { recentMs, usualMs };
      return { pool, ...observeResponses(known, tookMs, elapsedMs) };
    });
    await tx`
      WITH ${withoutWaiting(tx)}
      UPDATE limit_pools p
         SET response_ms = n."recentMs", usual_response_ms = n."usualMs", response_at = clock_timestamp(),
             updated_at = clock_timestamp()
        FROM jsonb_to_recordset(${JSON.stringify(next)}::text::jsonb) AS n(
               pool text, "recentMs" float8, "usualMs" float8
             ), without_waiting
       WHERE p.pool = n.pool`;
  });
}
