import { and, asc, eq, gt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncEvents } from '../schema/index.ts';

/** A row of `sync_events`. Ids grow in the order of the commits within a sync, so none appears behind a reader. */
export interface SyncEventRow {
  id: bigint;
  type: string;
  data: unknown;
}

/** Events of a sync after the one with id `after`, in order. */
export async function readSyncEvents(
  db: Database,
  query: { syncId: string; after: bigint; limit: number },
): Promise<SyncEventRow[]> {
  return db.orm
    .select({ id: syncEvents.id, type: syncEvents.type, data: syncEvents.data })
    .from(syncEvents)
    .where(and(eq(syncEvents.syncId, query.syncId), gt(syncEvents.id, query.after)))
    .orderBy(asc(syncEvents.id))
    .limit(query.limit);
}
