import { extendLease, type HeldPage } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';

/**
 * Extends a lease at a third of its length while work goes on. Losing it, which a revocation may tell long before,
 * aborts `signal`: whatever is under way is of no use any more, and the fencing token keeps it from being written.
 */
export function keepLease(
  deps: Pick<WorkerDependencies, 'db' | 'leaseSeconds' | 'runningPages'>,
  page: HeldPage,
): { signal: AbortSignal; stop(): void } {
  const { signal, leave } = deps.runningPages.enter(page);
  const timer = setInterval(
    () => {
      extendLease(deps.db, { ...page, leaseSeconds: deps.leaseSeconds }).then(
        (held) => {
          if (!held) deps.runningPages.revoke(page.fencingToken);
        },
        // PostgreSQL is away: the lease may run out meanwhile, and then the commit is refused.
        () => {},
      );
    },
    (deps.leaseSeconds * 1000) / 3,
  );
  return {
    signal,
    stop: () => {
      clearInterval(timer);
      leave();
    },
  };
}
