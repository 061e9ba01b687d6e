import { CHECK_SOON_SECONDS, type GapReason } from '@tidemark/core/subscriptions';
import type postgres from 'postgres';
import { type Database, uniqueViolation } from '../database.ts';
import type { CheckClaim } from './claim-subscription-checks.ts';
import { insertSync, type StartedJob } from './start-sync.ts';

/** What a check found. */
export interface CheckResult {
  /** Whether the source tells everything now; null: that could not be found out. */
  isSubscribed: boolean | null;
  gap: GapReason | null;
  /** The newest record at the source, by its own clock; null when it was not asked. */
  newestMs: number | null;
  /** What went wrong, for people. */
  error: string | null;
  /** Not everything could be asked: the next check comes soon. */
  isUnfinished: boolean;
}

export type SettledCheck =
  | { kind: 'settled' }
  /** A sync was started to fill the gap. */
  | { kind: 'started'; syncId: string; job: StartedJob }
  /** Nothing was written: somebody else has the next check already. */
  | { kind: 'superseded' };

/**
 * Keeps what a check found, and starts the sync that fills a gap, in one transaction.
 *
 * A gap stays owed while a sync is live: that one may have read the newest records before they were missed. The next
 * check comes soon then. Where the connection was never read whole nothing is owed: its first sync reads everything.
 * While the source cannot be made to tell, what is owed stays owed: what comes after this sync is missed as well.
 *
 * Locks: the connection's row, the check's row, then those of `insertSync`.
 */
export async function settleSubscriptionCheck(
  db: Database,
  claim: CheckClaim,
  result: CheckResult,
  streams: readonly string[],
): Promise<SettledCheck> {
  const { connectionId } = claim;
  return db.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM connections WHERE id = ${connectionId} FOR KEY SHARE`;
    if (!(await keep(tx, claim, result))) return { kind: 'superseded' };
    if (result.gap === null) return { kind: 'settled' };
    const fill = await fillGap(tx, connectionId, streams);
    if (fill === 'later') {
      await tx`
        UPDATE webhook_subscriptions SET check_at = clock_timestamp() + make_interval(secs => ${CHECK_SOON_SECONDS})
        WHERE connection_id = ${connectionId}`;
      return { kind: 'settled' };
    }
    const started = fill === 'needless' ? null : fill;
    await tx`
      UPDATE webhook_subscriptions
         SET owed = CASE WHEN ${result.isSubscribed === true} THEN NULL ELSE owed END,
             filled_until = greatest(filled_until, to_timestamp(${result.newestMs}::float8 / 1000)),
             last_gap_sync_id = coalesce(${started?.syncId ?? null}::uuid, last_gap_sync_id),
             last_gap_at = CASE WHEN ${started !== null} THEN clock_timestamp() ELSE last_gap_at END,
             last_gap_reason = CASE WHEN ${started !== null} THEN ${result.gap} ELSE last_gap_reason END
       WHERE connection_id = ${connectionId}`;
    return started === null ? { kind: 'settled' } : { kind: 'started', ...started };
  });
}

async function keep(tx: postgres.TransactionSql, claim: CheckClaim, result: CheckResult): Promise<boolean> {
  const { isSubscribed, gap, error, isUnfinished } = result;
  const kept = await tx`
    UPDATE webhook_subscriptions
       SET checked_at = clock_timestamp(), error = ${error},
           subscribed_since = CASE WHEN ${isSubscribed === true} THEN coalesce(subscribed_since, clock_timestamp())
                                   WHEN ${isSubscribed === false} THEN NULL
                                   ELSE subscribed_since END,
           owed = CASE WHEN ${isSubscribed === true} THEN ${gap}::text ELSE owed END,
           check_at = CASE WHEN ${isUnfinished}
                           THEN clock_timestamp() + make_interval(secs => ${CHECK_SOON_SECONDS}) ELSE check_at END
     WHERE connection_id = ${claim.connectionId} AND check_at = ${claim.checkAt}::timestamptz`;
  return kept.count > 0;
}

async function fillGap(
  tx: postgres.TransactionSql,
  connectionId: string,
  streams: readonly string[],
): Promise<{ syncId: string; job: StartedJob } | 'later' | 'needless'> {
  const [state] = await tx<{ isLive: boolean; isKnown: boolean }[]>`
    SELECT EXISTS (
             SELECT 1 FROM syncs
             WHERE connection_id = ${connectionId} AND status IN ('queued', 'running', 'paused')
           ) AS "isLive",
           (SELECT count(*) FROM sync_state
             WHERE connection_id = ${connectionId} AND watermark IS NOT NULL AND stream = ANY (${streams}::text[]))
             = ${streams.length} AS "isKnown"`;
  if (state?.isLive !== false) return 'later';
  if (!state.isKnown) return 'needless';
  try {
    const request = { connectionId, mode: 'incremental', trigger: 'gap', priority: 'normal' } as const;
    const outcome = await tx.savepoint((nested) => insertSync(nested, { ...request, streams, cause: 'gap' }));
    return outcome.kind === 'started' ? { syncId: outcome.syncId, job: outcome.job } : 'later';
  } catch (error) {
    // Somebody was quicker since we asked.
    if (uniqueViolation(error) !== 'syncs_one_live_per_connection') throw error;
    return 'later';
  }
}
