import type { Database } from '../database.ts';

export interface OutlivedLease {
  key: string;
  owner: string;
  fencingToken: string;
  expiredForMs: number;
}

/**
 * Removes leases that ran out so long ago and were neither released nor taken over; each is returned to one caller.
 * Their holders could write nothing any more, and a row that is gone fences them off as an expired one does.
 */
export async function removeOutlivedLeases(db: Database, expiredForMs: number): Promise<OutlivedLease[]> {
  return db.sql<OutlivedLease[]>`
    DELETE FROM sync_locks
    WHERE expires_at < clock_timestamp() - make_interval(secs => ${expiredForMs / 1000})
    RETURNING key, owner, fencing_token::text AS "fencingToken",
              (extract(epoch FROM clock_timestamp() - expires_at) * 1000)::float8 AS "expiredForMs"`;
}
