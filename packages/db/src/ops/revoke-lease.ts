import type postgres from 'postgres';
import { boundStall } from './bound-stall.ts';
import { leaseKey } from './claim-page.ts';

/** Told of each lease that was taken from its holder, with its fencing token. */
export const REVOKED_LEASES_CHANNEL = 'tidemark_revoked_leases';

/** A placeholder's token: smaller than every token that was given out. */
const NO_TOKEN = '0';

/**
 * Locks the lease of a connection until the end of the transaction, or its place when nobody holds it: nobody else
 * acquires, extends or commits under it meanwhile. First lock of a transaction, before the row of the sync, as
 * everywhere. Waits for a page commit under way, which holds the same row.
 *
 * Returns the fencing token of the holder, or null. The caller must end with `revokeLease`, or roll back.
 */
export async function lockLease(tx: postgres.TransactionSql, connectionId: string): Promise<string | null> {
  const [, [row]] = await Promise.all([
    boundStall(tx),
    tx<{ token: string }[]>`
      INSERT INTO sync_locks AS held (key, owner, fencing_token, expires_at)
      VALUES (${leaseKey(connectionId)}, 'control', ${NO_TOKEN}::bigint, clock_timestamp())
      ON CONFLICT (key) DO UPDATE SET expires_at = held.expires_at
      RETURNING fencing_token::text AS token`,
  ]);
  if (row === undefined) throw new Error('INSERT INTO sync_locks returned no row.');
  return row.token === NO_TOKEN ? null : row.token;
}

/**
 * Takes the locked lease away. Its holder cannot write any more, and is told as soon as the transaction commits; the
 * next one need not wait for the lease to expire.
 */
export async function revokeLease(
  tx: postgres.TransactionSql,
  connectionId: string,
  fencingToken: string | null,
): Promise<void> {
  await tx`DELETE FROM sync_locks WHERE key = ${leaseKey(connectionId)}`;
  if (fencingToken !== null) await tx`SELECT pg_notify(${REVOKED_LEASES_CHANNEL}, ${fencingToken})`;
}
