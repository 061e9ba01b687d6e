import type { TickSkipReason } from '@tidemark/core/contracts';
import type postgres from 'postgres';
import { type Database, uniqueViolation } from '../database.ts';
import type { Tick } from '../read/read-tick.ts';
import { insertSync, type StartSyncOutcome } from './start-sync.ts';

export type TickOutcome =
  | Extract<StartSyncOutcome, { kind: 'started' }>
  | { kind: 'skipped'; reason: TickSkipReason }
  /** Not due by PostgreSQL's clock, taken by somebody else, or changed or deleted since it was read. */
  | { kind: 'notTaken' };

/**
 * Carries out one tick, in one transaction: takes it, and starts a sync or counts that none was started.
 *
 * One statement takes it: compare and set on the time it was due, once PostgreSQL's clock has passed it. Of any number
 * of callers one gets it, and a crash gives it back with everything else. `next` is the tick after it. A live sync, and
 * credentials that the source refused, skip the tick; so does `streams: null`, for a connector nobody knows.
 *
 * The connection's row is locked first, as by everything that touches both.
 */
export async function takeTick(
  db: Database,
  tick: Tick,
  plan: { next: Date; streams: readonly string[] | null },
): Promise<TickOutcome> {
  const { connectionId } = tick;
  return db.sql.begin(async (tx) => {
    const [connection] = await tx<{ status: string }[]>`
      SELECT status FROM connections WHERE id = ${connectionId} AND deleted_at IS NULL FOR KEY SHARE`;
    if (connection === undefined) return { kind: 'notTaken' };
    if (!(await moveOn(tx, tick, plan.next))) return { kind: 'notTaken' };

    const started = await startUnless(tx, tick, plan.streams, connection.status);
    await (started.kind === 'started'
      ? tx`
          UPDATE sync_schedules SET ticks_started = ticks_started + 1, last_sync_id = ${started.syncId}
          WHERE connection_id = ${connectionId}`
      : tx`
          UPDATE sync_schedules
          SET ticks_skipped = ticks_skipped + 1, last_skipped_at = last_tick_at, last_skip_reason = ${started.reason}
          WHERE connection_id = ${connectionId}`);
    return started;
  });
}

/** What it was read as has to be what it still is: `next` was computed from that. */
async function moveOn(tx: postgres.TransactionSql, tick: Tick, next: Date): Promise<boolean> {
  const { timing } = tick;
  const [cron, timezone, everySeconds] =
    'everySeconds' in timing ? [null, null, timing.everySeconds] : [timing.cron, timing.timezone, null];
  const taken = await tx`
    UPDATE sync_schedules SET next_tick_at = ${next.toISOString()}, last_tick_at = clock_timestamp()
    WHERE connection_id = ${tick.connectionId}
      AND next_tick_at = ${tick.dueAt.toISOString()} AND next_tick_at <= clock_timestamp()
      AND (cron, timezone, every_seconds, mode)
          IS NOT DISTINCT FROM (${cron}::text, ${timezone}::text, ${everySeconds}::integer, ${tick.mode}::text)`;
  return taken.count > 0;
}

async function startUnless(
  tx: postgres.TransactionSql,
  tick: Tick,
  streams: readonly string[] | null,
  connectionStatus: string,
): Promise<Exclude<TickOutcome, { kind: 'notTaken' }>> {
  if (connectionStatus === 'needs_reauth') return { kind: 'skipped', reason: 'connection_needs_reauth' };
  if (streams === null) return { kind: 'skipped', reason: 'unknown_connector' };
  const { connectionId, mode } = tick;
  // Asked first: an insert would wait for whatever page the live sync is committing.
  const live = await tx`
    SELECT 1 FROM syncs WHERE connection_id = ${connectionId} AND status IN ('queued', 'running', 'paused')`;
  if (live.length > 0) return { kind: 'skipped', reason: 'sync_in_progress' };
  try {
    const outcome = await tx.savepoint((nested) =>
      insertSync(nested, {
        connectionId,
        mode,
        trigger: 'schedule',
        priority: 'normal',
        streams,
        cause: 'schedule',
      }),
    );
    // It cannot have been deleted, as its row is held; but the source may just have refused its credentials.
    return outcome.kind === 'started' ? outcome : { kind: 'skipped', reason: 'connection_needs_reauth' };
  } catch (error) {
    // Somebody was quicker since we asked; the index decides, here as for everybody else who starts a sync.
    if (uniqueViolation(error) !== 'syncs_one_live_per_connection') throw error;
    return { kind: 'skipped', reason: 'sync_in_progress' };
  }
}
