import type { Database } from '../database.ts';

const CHANNEL = 'tidemark_sync_events';

/**
 * Calls `onEvent` with the id of a sync whenever events of it are committed, over one connection of its own that
 * comes back by itself. Notifications sent while it was away are lost, so `onListening` is called each time it
 * is (again) in place: whoever waits should look then. Resolves at once, also while the server is away.
 */
export function listenSyncEvents(
  db: Database,
  hooks: { onEvent(syncId: string): void; onListening(): void; onError(error: unknown): void },
): void {
  // A first attempt that fails is repeated by the driver for as long as the pool is open.
  db.sql.listen(CHANNEL, hooks.onEvent, hooks.onListening).catch(hooks.onError);
}
