import type { PoolUsage } from '@tidemark/core/connector';
import { type Database, withoutWaiting } from '../database.ts';

/**
 * Stores what the source told about its budgets. A pause only ever grows: two workers that hear of different
 * ends keep the later one. Pools are written in the order of their names, so that two reports cannot deadlock.
 */
export async function reportUsage(db: Database, usage: readonly PoolUsage[], reason: string): Promise<void> {
  if (usage.length === 0) return;
  const rows = usage.map((item) => ({
    pool: item.pool,
    used_share: item.usedShare,
    pause_seconds: item.pauseForMs === null ? null : item.pauseForMs / 1000,
  }));
  await db.sql`
    WITH ${withoutWaiting(db.sql)}, reported AS (
      SELECT u.pool, max(u.used_share) AS used_share,
             clock_timestamp() + make_interval(secs => max(u.pause_seconds)) AS paused_until
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS u(
        pool text, used_share float8, pause_seconds float8
      ), without_waiting
      GROUP BY u.pool
    ), locked AS (
      SELECT p.pool FROM limit_pools p JOIN reported USING (pool) ORDER BY p.pool FOR UPDATE OF p
    )
    UPDATE limit_pools p
       SET used_share = r.used_share, used_share_at = clock_timestamp(),
           paused_until = CASE WHEN r.paused_until IS NULL THEN p.paused_until
                               ELSE greatest(p.paused_until, r.paused_until) END,
           pause_reason = CASE WHEN r.paused_until IS NULL THEN p.pause_reason ELSE ${reason} END,
           updated_at = clock_timestamp()
      FROM reported r JOIN locked USING (pool)
     WHERE p.pool = r.pool`;
}

/** Pauses one budget. A pause that already lasts longer stays. */
export async function pausePool(
  db: Database,
  pause: { pool: string; forMs: number; reason: string },
): Promise<void> {
  await db.sql`
    UPDATE limit_pools
       SET paused_until = greatest(paused_until, clock_timestamp() + make_interval(secs => ${pause.forMs / 1000})),
           pause_reason = ${pause.reason}, updated_at = clock_timestamp()
     WHERE pool = ${pause.pool}`;
}
