import type { LimitPool } from '@tidemark/core/contracts';
import { RESPONSES_FRESH_MS, slowdownOf, spacingMs } from '@tidemark/core/limits';
import { and, asc, eq, exists, gt, isNull, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connectionPools, connections, limitPools } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** A pause that is over is none. */
const isPaused = sql<boolean>`coalesce(${limitPools.pausedUntil} > clock_timestamp(), false)`;

/** As a page that is taken up now would see them: figures that are too old say nothing about now. */
const freshUsedShare = sql<
  number | null
>`CASE WHEN ${limitPools.usedShareAt} > clock_timestamp() - interval '2 minutes' THEN ${limitPools.usedShare} END`;
const isFresh = sql<boolean>`coalesce(${limitPools.responseAt} > clock_timestamp() - make_interval(secs => ${RESPONSES_FRESH_MS / 1000}), false)`;

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
    .select({ row: limitPools, isPaused, freshUsedShare, isFresh })
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
  return pageOf(rows.map(toLimitPool), query.limit, (pool) => pool.pool);
}

interface PoolRow {
  row: typeof limitPools.$inferSelect;
  isPaused: boolean;
  freshUsedShare: number | null;
  isFresh: boolean;
}

function toLimitPool({
  row,
  isPaused: paused,
  freshUsedShare: usedShare,
  isFresh: fresh,
}: PoolRow): LimitPool {
  const { maxCalls, perSeconds, responseMs: recentMs, usualResponseMs: usualMs } = row;
  const responses = !fresh || recentMs === null || usualMs === null ? null : { recentMs, usualMs };
  const budget = { maxCalls, perSeconds, usedShare, responses };
  return {
    pool: row.pool,
    maxCalls,
    perSeconds,
    maxConcurrent: row.maxConcurrent,
    usedShare: row.usedShare,
    pausedUntil: paused ? (row.pausedUntil?.toISOString() ?? null) : null,
    reason: paused ? row.pauseReason : null,
    responseMs: responses === null ? null : Math.round(responses.recentMs),
    usualResponseMs: usualMs === null ? null : Math.round(usualMs),
    spacingMs: Math.round(spacingMs(budget) * 10) / 10,
    slowedBy: slowdownOf(budget).by,
  };
}
