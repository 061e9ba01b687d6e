import type { Database } from '../database.ts';

/** A page under way, as its worker knows it. */
export interface HeldPage {
  key: string;
  fencingToken: string;
  syncId: string;
  pickup: number;
}

/**
 * Of the pages a worker is at, the fencing tokens of those it works on in vain: the lease is gone, expired or somebody
 * else's, or the sync was stopped or taken up anew. Takes no lock; the commit decides.
 */
export async function findLostLeases(db: Database, pages: readonly HeldPage[]): Promise<string[]> {
  const rows = await db.sql<{ token: string }[]>`
    SELECT p."fencingToken" AS token
    FROM jsonb_to_recordset(${JSON.stringify(pages)}::text::jsonb)
      AS p(key text, "fencingToken" text, "syncId" uuid, pickup int)
    WHERE NOT EXISTS (
        SELECT 1 FROM sync_locks l
        WHERE l.key = p.key AND l.fencing_token = p."fencingToken"::bigint AND l.expires_at > clock_timestamp()
      )
      OR NOT EXISTS (
        SELECT 1 FROM syncs s WHERE s.id = p."syncId" AND s.pickup = p.pickup AND s.status = 'running'
      )`;
  return rows.map((row) => row.token);
}
