import type { Database } from '../database.ts';
import { REVOKED_LEASES_CHANNEL } from '../ops/revoke-lease.ts';

/**
 * Calls `onRevoked` with the fencing token of each lease that is taken from its holder, over one connection of its own
 * that comes back by itself. Notifications sent while it was away are lost: whoever holds leases has to look from time to
 * time as well. Returns at once, also while the server is away.
 */
export function listenRevokedLeases(
  db: Database,
  hooks: { onRevoked(fencingToken: string): void; onError(error: unknown): void },
): void {
  // A first attempt that fails is repeated by the driver for as long as the pool is open.
  db.sql.listen(REVOKED_LEASES_CHANNEL, hooks.onRevoked).catch(hooks.onError);
}
