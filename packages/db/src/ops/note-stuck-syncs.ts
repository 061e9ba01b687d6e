import type { StuckReason } from '@tidemark/core/sync';
import type { Database } from '../database.ts';

/** A sync that makes no progress, as it was found. */
export interface FoundStuck {
  syncId: string;
  reason: StuckReason;
  /** How long nothing had happened. */
  forMs: number;
}

/**
 * Keeps which syncs are stuck, and returns the ids of those that nobody had found before: of several workers that find
 * one at once, one is told that it is new. Locks nothing but the rows of `stuck_syncs`, in the order of their syncs.
 */
export async function noteStuckSyncs(db: Database, found: readonly FoundStuck[]): Promise<Set<string>> {
  if (found.length === 0) return new Set();
  const rows = await db.sql<{ id: string }[]>`
    INSERT INTO stuck_syncs (sync_id, reason, since)
    SELECT s.id, f.reason, clock_timestamp() - make_interval(secs => f."forMs" / 1000)
    FROM jsonb_to_recordset(${JSON.stringify(found)}::text::jsonb) AS f("syncId" uuid, reason text, "forMs" float8)
    JOIN syncs s ON s.id = f."syncId" AND s.status IN ('queued', 'running')
    ORDER BY s.id
    ON CONFLICT (sync_id) DO NOTHING
    RETURNING sync_id AS id`;
  return new Set(rows.map((row) => row.id));
}

/** A stuck sync that goes on, or ended. */
export interface UnstuckSync {
  syncId: string;
  connectionId: string;
  reason: StuckReason;
  /** From the last progress before it was stuck until now. */
  forMs: number;
}

/** Forgets the given ones, and those that ended; returns them, each to one caller. */
export async function forgetStuckSyncs(db: Database, syncIds: readonly string[]): Promise<UnstuckSync[]> {
  return db.sql<UnstuckSync[]>`
    DELETE FROM stuck_syncs k USING syncs s
    WHERE s.id = k.sync_id
      AND (k.sync_id = ANY (${syncIds as string[]}::uuid[]) OR s.status NOT IN ('queued', 'running', 'paused'))
    RETURNING k.sync_id AS "syncId", s.connection_id AS "connectionId", k.reason,
              (extract(epoch FROM clock_timestamp() - k.since) * 1000)::float8 AS "forMs"`;
}
