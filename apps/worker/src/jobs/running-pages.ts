import type { HeldPage } from '@tidemark/db';

/** Why work on a page was stopped from outside. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly code = 'lease_lost';
}

/** The pages this process is at, each under a lease of its own. */
export interface RunningPages {
  /** Notes a page; `signal` aborts with LeaseLost when its lease is taken away. Call `leave` whatever happens. */
  enter(page: HeldPage): { signal: AbortSignal; leave(): void };
  /** Stops work on the page of that lease. Of other processes' leases it knows nothing and does nothing. */
  revoke(fencingToken: string): void;
  list(): HeldPage[];
}

/** Keyed by the fencing token: one is given out once, so a late revocation never hits the next holder. */
export function createRunningPages(): RunningPages {
  const running = new Map<string, { page: HeldPage; controller: AbortController }>();
  return {
    enter: ({ key, fencingToken, syncId, pickup }) => {
      const controller = new AbortController();
      running.set(fencingToken, { page: { key, fencingToken, syncId, pickup }, controller });
      return { signal: controller.signal, leave: () => running.delete(fencingToken) };
    },
    revoke: (fencingToken) => {
      const held = running.get(fencingToken);
      held?.controller.abort(new LeaseLost(`The lease ${held.page.key} was lost.`));
    },
    list: () => [...running.values()].map(({ page }) => page),
  };
}
