import type { StuckSync } from '@tidemark/core/contracts';
import { stuckSync } from '@tidemark/core/sync';
import type { Database } from '../database.ts';
import { readSyncFacts } from './read-sync-facts.ts';

/** The tenant's syncs that are stuck now, whether or not a worker has found them: there may be none. */
export async function listStuckSyncs(
  db: Database,
  query: { tenantId: string; limit: number },
): Promise<StuckSync[]> {
  const syncs = await readSyncFacts(db, query);
  return syncs.flatMap(({ syncId, connectionId, facts, nowMs }) => {
    const stuck = stuckSync(facts);
    if (stuck === null) return [];
    const since = new Date(nowMs - stuck.forMs).toISOString();
    return [{ syncId, connectionId, reason: stuck.reason, since }];
  });
}
