import { findLostLeases, listenRevokedLeases, releaseForgottenLeases } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** How long a page may go on after its lease was taken away and the notification of it was lost. */
const EVERY_MS = 1_000;

type WatchDependencies = Pick<WorkerDependencies, 'db' | 'runningPages' | 'workerId'>;

/**
 * Stops the pages of this process whose lease was taken away, because somebody paused or cancelled the sync or the
 * page was taken up elsewhere: at once when PostgreSQL says so, and within a second when its word was lost. What is
 * saved is the rest of a call to the source; nothing could have been written of it.
 *
 * And the other way round: gives back what PostgreSQL still takes for held here and nobody in this process is at.
 */
export function leaseWatch(deps: WatchDependencies, onError: PeriodicOptions['onError']): Service {
  const round = async (): Promise<void> => {
    const held = deps.runningPages.list().map(({ fencingToken }) => fencingToken);
    await releaseForgottenLeases(deps.db, deps.workerId, held);
    const pages = deps.runningPages.list();
    if (pages.length === 0) return;
    for (const token of await findLostLeases(deps.db, pages)) deps.runningPages.revoke(token);
  };
  const service = periodicService({ name: 'lease-watch', everyMs: EVERY_MS, round, onError });
  let isListening = false;
  return {
    ...service,
    start: () => {
      service.start();
      if (isListening) return;
      isListening = true;
      listen(deps, onError);
    },
  };
}

/** Ends with the pool. A connection that came back has nothing to catch up on: the next round looks at every page. */
function listen({ db, runningPages }: WatchDependencies, onError: PeriodicOptions['onError']): void {
  listenRevokedLeases(db, {
    onRevoked: runningPages.revoke,
    onError: (error) => onError('lease-watch', error),
  });
}
