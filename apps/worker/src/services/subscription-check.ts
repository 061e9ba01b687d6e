import { CHECK_SECONDS } from '@tidemark/core/subscriptions';
import { claimSubscriptionChecks } from '@tidemark/db';
import { checkSubscription, type SubscriptionDependencies } from '../subscriptions/check-subscription.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** How often due checks are looked for; how often each connection is checked is `CHECK_SECONDS`. */
const EVERY_MS = 1_000;
/** Checks in one round at most, one after the other: they share their budgets with syncs, which go first. */
const CHECKS_MAX = 50;
/** A check that takes longer is given up, well before somebody else takes the next one. */
const CHECK_TIMEOUT_MS = 60_000;

/**
 * Watches over what sources tell by themselves. Each check is taken from PostgreSQL alone, right before it is carried out,
 * so that any number of workers share them.
 */
export function subscriptionCheck(
  deps: SubscriptionDependencies,
  onError: PeriodicOptions['onError'],
): Service {
  let isStopping = false;
  let current: AbortController | null = null;
  const connectors = [...deps.connectors.values()].filter(({ subscription }) => subscription !== undefined);
  const request = { connectors: connectors.map(({ id }) => id), everySeconds: CHECK_SECONDS, limit: 1 };
  const round = async (): Promise<void> => {
    for (let done = 0; done < CHECKS_MAX && !isStopping; done += 1) {
      const [check] = await claimSubscriptionChecks(deps.db, request);
      if (check === undefined) return;
      const controller = new AbortController();
      const timer = setTimeout(
        () => controller.abort(new Error('The check took too long.')),
        CHECK_TIMEOUT_MS,
      );
      current = controller;
      try {
        await checkSubscription(deps, check, controller.signal);
      } catch (error) {
        // One connection that cannot be checked must not keep the others from it.
        if (!isStopping) onError('subscription-check', error);
      } finally {
        clearTimeout(timer);
        current = null;
      }
    }
  };
  const service = periodicService({ name: 'subscription-check', everyMs: EVERY_MS, round, onError });
  return {
    ...service,
    start: () => {
      isStopping = false;
      service.start();
    },
    stop: () => {
      isStopping = true;
      current?.abort();
      return service.stop();
    },
  };
}
