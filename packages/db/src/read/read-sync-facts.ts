import { STUCK_AFTER_MS, type SyncFacts } from '@tidemark/core/sync';
import type { Database } from '../database.ts';

/** A live sync with what tells whether it is stuck; the rule is `stuckSync` of core. */
export interface SyncWithFacts {
  syncId: string;
  connectionId: string;
  seq: number;
  facts: SyncFacts;
  /** It was found stuck before, and no end of that was noted. */
  isKnown: boolean;
  /** PostgreSQL's clock when this was read, epoch milliseconds. */
  nowMs: number;
}

interface Row extends Omit<SyncWithFacts, 'facts'> {
  status: SyncFacts['status'];
  waitsForMs: number | null;
  quietMs: number;
  heldMs: number | null;
  expiredForMs: number | null;
}

/** Below this nothing is stuck. The rule itself is not here: this only keeps what it need not look at from filling a batch. */
const QUIET_MS = Math.min(STUCK_AFTER_MS.untaken, STUCK_AFTER_MS.page);

/**
 * Live syncs that should go on and did nothing for a while or have been at one page for long, and those that were found
 * stuck before: first the ones that are so no more, then the longest. Takes no lock.
 */
export async function readSyncFacts(
  db: Database,
  query: { limit: number; tenantId?: string },
): Promise<SyncWithFacts[]> {
  const rows = await db.sql<Row[]>`
    SELECT * FROM (
      SELECT (s.status <> 'paused' AND coalesce(s.next_run_at <= n.at, true)
              AND greatest(n.at - coalesce(s.next_run_at, s.heartbeat_at, s.created_at), n.at - l.acquired_at)
                  > make_interval(secs => ${QUIET_MS / 1000})) AS "maybeStuck",
             s.id AS "syncId", s.connection_id AS "connectionId", s.seq, s.status,
             ${ms(db, 's.next_run_at', 'n.at')} AS "waitsForMs",
             ${ms(db, 'n.at', 'coalesce(s.next_run_at, s.heartbeat_at, s.created_at)')} AS "quietMs",
             ${ms(db, 'n.at', 'l.acquired_at')} AS "heldMs",
             CASE WHEN l.expires_at <= n.at THEN ${ms(db, 'n.at', 'l.expires_at')} END AS "expiredForMs",
             k.sync_id IS NOT NULL AS "isKnown",
             (extract(epoch FROM n.at) * 1000)::float8 AS "nowMs"
      FROM syncs s
      JOIN connections c ON c.id = s.connection_id
      CROSS JOIN (SELECT clock_timestamp() AS at) AS n
      LEFT JOIN sync_locks l ON l.key = 'sync-' || s.connection_id::text
      LEFT JOIN stuck_syncs k ON k.sync_id = s.id
      WHERE s.status IN ('queued', 'running', 'paused')
        AND (${query.tenantId ?? null}::uuid IS NULL OR c.tenant_id = ${query.tenantId ?? null}::uuid)
    ) AS facts
    WHERE "isKnown" OR "maybeStuck"
    ORDER BY "maybeStuck", greatest("quietMs", "heldMs") DESC, "syncId"
    LIMIT ${query.limit}`;
  return rows.map(({ syncId, connectionId, seq, nowMs, isKnown, ...row }) => ({
    syncId,
    connectionId,
    seq,
    nowMs,
    isKnown,
    facts: {
      status: row.status,
      waitsForMs: row.waitsForMs === null ? null : Math.max(0, row.waitsForMs),
      quietMs: row.quietMs,
      lease: row.heldMs === null ? null : { heldMs: row.heldMs, expiredForMs: row.expiredForMs },
    },
  }));
}

/** The milliseconds from one moment to another. Both are SQL of ours. */
function ms(db: Database, until: string, from: string) {
  return db.sql.unsafe(`(extract(epoch FROM ${until} - ${from}) * 1000)::float8`);
}
