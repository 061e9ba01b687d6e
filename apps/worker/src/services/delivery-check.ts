import { type DeliveryJob, findDueDeliveries, postponeDeliveries } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

const EVERY_MS = 1_000;
/** Deliveries told at once, and tellings in one round at most. */
const BATCH = 500;
const BATCHES_MAX = 40;
/** After the queue was told, it is told again only so much later: the delivery may wait in a long line. */
const AGAIN_SECONDS = 30;
/** Nothing else is in the queue of deliveries. */
const PRIORITY = 1;

/**
 * Finds deliveries in PostgreSQL that nobody told the queue of: they came as a crowd, the queue was away when they came, it
 * lost them, or the API died before it could tell; and those whose connection was created since. Telling twice is harmless, because job ids follow from
 * the delivery.
 */
export function deliveryCheck(
  deps: Pick<WorkerDependencies, 'db' | 'events'> & { queues: Pick<WorkerDependencies['queues'], 'addMany'> },
  onError: PeriodicOptions['onError'],
): Service {
  const round = async (): Promise<void> => {
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const due = await findDueDeliveries(deps.db, BATCH);
      if (due.length === 0) return;
      await deps.queues.addMany(due.map(toJob));
      await postponeDeliveries(deps.db, due, AGAIN_SECONDS);
      deps.events.emit('deliveries.recovered', { count: due.length });
      if (due.length < BATCH) return;
    }
  };
  return periodicService({ name: 'delivery-check', everyMs: EVERY_MS, round, onError });
}

function toJob({ deliveryId, pickup }: DeliveryJob) {
  return { name: 'webhook-delivery' as const, payload: { deliveryId, pickup }, priority: PRIORITY };
}
