import { jobIdOf } from '@tidemark/core/queue';
import { type DeliveryJob, findToldDeliveries, postponeDeliveries } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

const EVERY_MS = 3_000;
/** Deliveries looked at in one go, and goes in one round at most: a queue that lost everything lost these, too. */
const BATCH = 500;
const BATCHES_MAX = 40;

/**
 * Finds deliveries the queue was told of and does not know any more, because it was flushed or came back empty, and makes
 * them due, so that the check for due deliveries tells it again. Those that wait longest are looked at; only where one of
 * them is lost the next ones are, so that a long line costs one look.
 */
export function lostDeliveries(
  deps: Pick<WorkerDependencies, 'db'> & { queues: Pick<WorkerDependencies['queues'], 'whichQueued'> },
  onError: PeriodicOptions['onError'],
): Service {
  const round = async (): Promise<void> => {
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const told = await findToldDeliveries(deps.db, BATCH);
      const known = await deps.queues.whichQueued(told.map(toReference));
      const lost = told.filter((delivery) => !known.has(jobIdOf('webhook-delivery', delivery)));
      if (lost.length > 0) await postponeDeliveries(deps.db, lost, 0);
      if (lost.length === 0 || told.length < BATCH) return;
    }
  };
  return periodicService({ name: 'lost-deliveries', everyMs: EVERY_MS, round, onError });
}

function toReference(payload: DeliveryJob) {
  return { name: 'webhook-delivery' as const, payload };
}
