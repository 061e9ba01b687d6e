import type { PoolDeclaration } from '@tidemark/core/connector';
import type postgres from 'postgres';

/**
 * Makes the pools a connection spends from exist, and links exactly these to it. Settings of a pool that is
 * there already are left alone: somebody may have adjusted them.
 *
 * `DO UPDATE` rather than `DO NOTHING`: it locks the rows, in the order of their names, so that a purge cannot
 * remove a pool between the two statements.
 */
export async function linkPools(
  tx: postgres.TransactionSql,
  connectionId: string,
  pools: readonly PoolDeclaration[],
): Promise<void> {
  const rows = JSON.stringify(pools);
  await tx`
    INSERT INTO limit_pools (pool, max_calls, per_seconds, max_concurrent)
    SELECT DISTINCT ON (p.pool) p.pool, p."maxCalls", p."perSeconds", p."maxConcurrent"
    FROM jsonb_to_recordset(${rows}::text::jsonb) AS p(
      pool text, "maxCalls" integer, "perSeconds" double precision, "maxConcurrent" integer
    )
    ORDER BY p.pool
    ON CONFLICT (pool) DO UPDATE SET pool = excluded.pool`;
  await tx`
    DELETE FROM connection_pools
    WHERE connection_id = ${connectionId} AND pool <> ALL (${pools.map((p) => p.pool)}::text[])`;
  await tx`
    INSERT INTO connection_pools (connection_id, pool)
    SELECT ${connectionId}, pool FROM unnest(${pools.map((p) => p.pool)}::text[]) AS pool
    ON CONFLICT DO NOTHING`;
}
