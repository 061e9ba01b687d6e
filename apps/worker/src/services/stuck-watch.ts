import { STUCK_AFTER_MS, stuckSync } from '@tidemark/core/sync';
import {
  forgetStuckSyncs,
  noteStuckSyncs,
  readSyncFacts,
  removeOutlivedLeases,
  type SyncWithFacts,
} from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** Syncs looked at in one round, those that did nothing for longest first. */
const BATCH = 500;

/**
 * Finds what the sweep cannot mend and a person should know: syncs that make no progress though they should, and leases
 * that outlived their work. Each incident is reported once, whichever worker finds it, and so is its end. It needs
 * PostgreSQL alone: a queue that is away for long is one of the reasons why a sync is stuck.
 */
export function stuckWatch(
  deps: Pick<WorkerDependencies, 'db' | 'events'>,
  sweepSeconds: number,
  onError: PeriodicOptions['onError'],
): Service {
  const round = async (): Promise<void> => {
    for (const lease of await removeOutlivedLeases(deps.db, STUCK_AFTER_MS.lease)) {
      deps.events.emit('lease.outlived', lease);
    }
    const syncs = await readSyncFacts(deps.db, { limit: BATCH });
    await reportFound(deps, syncs);
    const over = syncs.filter(({ isKnown, facts }) => isKnown && stuckSync(facts) === null);
    const ended = await forgetStuckSyncs(
      deps.db,
      over.map(({ syncId }) => syncId),
    );
    for (const sync of ended) deps.events.emit('sync.unstuck', sync);
  };
  return periodicService({ name: 'stuck-watch', everyMs: sweepSeconds * 1000, round, onError });
}

async function reportFound(
  { db, events }: Pick<WorkerDependencies, 'db' | 'events'>,
  syncs: readonly SyncWithFacts[],
): Promise<void> {
  const found = syncs.flatMap(({ syncId, connectionId, seq, facts }) => {
    const stuck = stuckSync(facts);
    return stuck === null ? [] : [{ syncId, connectionId, seq, ...stuck }];
  });
  const fresh = await noteStuckSyncs(db, found);
  for (const stuck of found.filter(({ syncId }) => fresh.has(syncId))) events.emit('sync.stuck', stuck);
}
