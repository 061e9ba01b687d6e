import type { ResponseTimes } from '@tidemark/core/limits';
import type postgres from 'postgres';
import type { SqlOrTransaction } from '../database.ts';

export interface PoolState {
  pool: string;
  maxCalls: number;
  perSeconds: number;
  maxConcurrent: number | null;
  usedShare: number | null;
  /** How long the source took to answer, as far as it is known. */
  responses: (ResponseTimes & { ageMs: number }) | null;
  /** Milliseconds from now until the pause ends, by the database's clock; null when there is none. */
  pausedForMs: number | null;
  pauseReason: string | null;
}

/**
 * The pools of a connection as a JSON array of `PoolState`, for a SELECT list. A usage figure older than two minutes says
 * nothing about now and is left out.
 */
export function poolStates(sql: SqlOrTransaction, connectionId: postgres.Fragment) {
  return sql`(SELECT coalesce(jsonb_agg(jsonb_build_object(
              'pool', p.pool, 'maxCalls', p.max_calls, 'perSeconds', p.per_seconds,
              'maxConcurrent', p.max_concurrent,
              'usedShare', CASE WHEN p.used_share_at > now() - interval '2 minutes' THEN p.used_share END,
              'responses', CASE WHEN p.response_at IS NOT NULL THEN jsonb_build_object(
                             'recentMs', p.response_ms, 'usualMs', p.usual_response_ms,
                             'ageMs', extract(epoch FROM clock_timestamp() - p.response_at) * 1000) END,
              'pausedForMs', CASE WHEN p.paused_until > now()
                             THEN extract(epoch FROM p.paused_until - now()) * 1000 END,
              'pauseReason', p.pause_reason
            ) ORDER BY p.pool), '[]')
       FROM connection_pools cp JOIN limit_pools p USING (pool)
      WHERE cp.connection_id = ${connectionId})`;
}
