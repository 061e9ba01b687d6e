import type { LimitPool } from '@tidemark/core/contracts';
import { and, asc, eq, exists, gt, isNull, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connectionPools, connections, limitPools } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** A pause that is over is none. */
const isPaused = sql<boolean>`coalesce(${limitPools.pausedUntil} > clock_timestamp(), false)`;

/** Pools that the tenant's connections spend from, by name; `after` is the name of the last one seen. */
export async function listLimitPools(
  db: Database,
  query: { tenantId: string; limit: number; after: string | null; pool?: string },
): Promise<ListPage<LimitPool, string>> {
  const spends = db.orm
    .select({ one: sql`1` })
    .from(connectionPools)
    .innerJoin(connections, eq(connections.id, connectionPools.connectionId))
    .where(
      and(
        eq(connectionPools.pool, limitPools.pool),
        eq(connections.tenantId, query.tenantId),
        isNull(connections.deletedAt),
      ),
    );
  const rows = await db.orm
    .select({ row: limitPools, isPaused })
    .from(limitPools)
    .where(
      and(
        exists(spends),
        query.pool === undefined ? undefined : eq(limitPools.pool, query.pool),
        query.after === null ? undefined : gt(limitPools.pool, query.after),
      ),
    )
    .orderBy(asc(limitPools.pool))
    .limit(query.limit + 1);
  const pools = rows.map(({ row, isPaused: paused }) => ({
    pool: row.pool,
    maxCalls: row.maxCalls,
    perSeconds: row.perSeconds,
    maxConcurrent: row.maxConcurrent,
    usedShare: row.usedShare,
    pausedUntil: paused ? (row.pausedUntil?.toISOString() ?? null) : null,
    reason: paused ? row.pauseReason : null,
  }));
  return pageOf(pools, query.limit, (pool) => pool.pool);
}
