import { type StuckReason, STUCK_AFTER_MS, type SyncFacts } from '@tidemark/core/sync';
import type { Database } from '../database.ts';

/** A live sync with what tells whether it is stuck; the rule is `stuckSync` of core. */
export interface SyncWithFacts {
  syncId: string;
  connectionId: string;
  seq: number;
  facts: SyncFacts;
  /** It was found stuck before, for this, since then. */
  known: { reason: StuckReason; sinceMs: number } | null;
  /** PostgreSQL's clock when this was read, epoch milliseconds. */
  nowMs: number;
}

interface Row extends Omit<SyncWithFacts, 'facts' | 'known'> {
  status: SyncFacts['status'];
  waitsForMs: number | null;
  quietMs: number;
  heldMs: number | null;
  expiredForMs: number | null;
  reason: StuckReason | null;
  sinceMs: number | null;
}

/** Below this nothing is stuck. */
const QUIET_MS = Math.min(STUCK_AFTER_MS.untaken, STUCK_AFTER_MS.page);

/**
 * Live syncs that did nothing for a while or have been at one page for long, and those that were found stuck before:
 * first the ones that are so no more, then the longest. Takes no lock.
 */
export async function readSyncFacts(
  db: Database,
  query: { limit: number; tenantId?: string },
): Promise<SyncWithFacts[]> {
  const rows = await db.sql<Row[]>`
    SELECT * FROM (
      SELECT s.id AS "syncId", s.connection_id AS "connectionId", s.seq, s.status,
             ${ms(db, 's.next_run_at', 'n.at')} AS "waitsForMs",
             ${ms(db, 'n.at', 'coalesce(s.next_run_at, s.heartbeat_at, s.created_at)')} AS "quietMs",
             ${ms(db, 'n.at', 'l.acquired_at')} AS "heldMs",
             CASE WHEN l.expires_at <= n.at THEN ${ms(db, 'n.at', 'l.expires_at')} END AS "expiredForMs",
             k.reason, (extract(epoch FROM k.since) * 1000)::float8 AS "sinceMs",
             (extract(epoch FROM n.at) * 1000)::float8 AS "nowMs"
      FROM syncs s
      JOIN connections c ON c.id = s.connection_id
      CROSS JOIN (SELECT clock_timestamp() AS at) AS n
      LEFT JOIN sync_locks l ON l.key = 'sync-' || s.connection_id::text
      LEFT JOIN stuck_syncs k ON k.sync_id = s.id
      WHERE s.status IN ('queued', 'running', 'paused')
        AND (${query.tenantId ?? null}::uuid IS NULL OR c.tenant_id = ${query.tenantId ?? null}::uuid)
    ) AS facts
    WHERE reason IS NOT NULL OR "quietMs" > ${QUIET_MS} OR "heldMs" > ${QUIET_MS}
    ORDER BY greatest("quietMs", "heldMs") <= ${QUIET_MS} DESC, greatest("quietMs", "heldMs") DESC, "syncId"
    LIMIT ${query.limit}`;
  return rows.map(({ syncId, connectionId, seq, nowMs, ...row }) => ({
    syncId,
    connectionId,
    seq,
    nowMs,
    facts: {
      status: row.status,
      waitsForMs: row.waitsForMs === null ? null : Math.max(0, row.waitsForMs),
      quietMs: row.quietMs,
      lease: row.heldMs === null ? null : { heldMs: row.heldMs, expiredForMs: row.expiredForMs },
    },
    known: row.reason === null || row.sinceMs === null ? null : { reason: row.reason, sinceMs: row.sinceMs },
  }));
}

/** The milliseconds from one moment to another. Both are SQL of ours. */
function ms(db: Database, until: string, from: string) {
  return db.sql.unsafe(`(extract(epoch FROM ${until} - ${from}) * 1000)::float8`);
}
