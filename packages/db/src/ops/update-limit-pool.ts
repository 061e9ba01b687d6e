import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { wakeWaiting } from './wake-waiting.ts';

/** What is left out stays as it is; null clears. */
export interface LimitPoolChanges {
  maxCalls?: number | undefined;
  perSeconds?: number | undefined;
  maxConcurrent?: number | null | undefined;
  /** ISO 8601; null ends the pause. */
  pausedUntil?: string | null | undefined;
}

/**
 * Changes a pool that a connection of the tenant spends from. When a pause ends by it, those who wait for it are woken
 * in the same transaction. False: there is none by that name.
 */
export async function updateLimitPool(
  db: Database,
  target: { tenantId: string; pool: string },
  changes: LimitPoolChanges,
): Promise<boolean> {
  return db.sql.begin(async (tx) => {
    const [updated] = await changePool(tx, target, changes);
    if (updated === undefined) return false;
    if (changes.pausedUntil !== undefined && !updated.paused) await wakeWaiting(tx, target.pool);
    return true;
  });
}

function changePool(
  tx: postgres.TransactionSql,
  target: { tenantId: string; pool: string },
  changes: LimitPoolChanges,
) {
  const pauses = changes.pausedUntil !== undefined;
  return tx<{ paused: boolean }[]>`
    UPDATE limit_pools p
       SET max_calls = coalesce(${changes.maxCalls ?? null}::integer, p.max_calls),
           per_seconds = coalesce(${changes.perSeconds ?? null}::double precision, p.per_seconds),
           max_concurrent = CASE WHEN ${changes.maxConcurrent !== undefined}
             THEN ${changes.maxConcurrent ?? null}::integer ELSE p.max_concurrent END,
           paused_until = CASE WHEN ${pauses} THEN ${changes.pausedUntil ?? null}::timestamptz ELSE p.paused_until END,
           pause_reason = CASE WHEN ${pauses}
             THEN CASE WHEN ${changes.pausedUntil ?? null}::timestamptz IS NOT NULL THEN 'paused by an operator' END
             ELSE p.pause_reason END,
           updated_at = clock_timestamp()
     WHERE p.pool = ${target.pool}
       AND EXISTS (
         SELECT 1 FROM connection_pools cp JOIN connections c ON c.id = cp.connection_id
         WHERE cp.pool = p.pool AND c.tenant_id = ${target.tenantId} AND c.deleted_at IS NULL
       )
    RETURNING coalesce(paused_until > clock_timestamp(), false) AS paused`;
}
