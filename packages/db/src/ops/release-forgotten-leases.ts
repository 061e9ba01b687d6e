import type { Database } from '../database.ts';

/** A lease is younger than this while its holder has yet to hear that it holds it. */
const UNHEARD_SECONDS = 10;

/**
 * Releases the leases a worker holds without being at their pages: PostgreSQL was away when it meant to give them back. It
 * lives, so that nobody takes it for dead, and others would wait until the leases expire. Returns how many there were.
 *
 * A wrong guess, by a worker that stood still, costs a page read again: its late write is fenced off. Locks: lease rows that
 * are free; who holds one is at its page.
 */
export async function releaseForgottenLeases(
  db: Database,
  workerId: string,
  heldTokens: readonly string[],
): Promise<number> {
  const released = await db.sql`
    DELETE FROM sync_locks
    WHERE key IN (
      SELECT key FROM sync_locks
      WHERE owner = ${workerId} AND key LIKE 'sync-%'
        AND acquired_at < clock_timestamp() - make_interval(secs => ${UNHEARD_SECONDS})
        AND NOT (fencing_token = ANY (${heldTokens}::bigint[]))
      FOR UPDATE SKIP LOCKED
    )`;
  return released.count;
}
