import { clearIdempotencyKeys, clearInbox } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

const EVERY_MS = 10 * 60_000;
/** Rows in one statement, and statements in one round at most. */
const BATCH = 1_000;
const BATCHES_MAX = 100;
/** Twice as long as answers are repeated: none is deleted that could still be asked for. */
const IDEMPOTENCY_SECONDS = 2 * 86_400;

/** Deletes what is kept for a time only: deliveries that are done, and remembered answers. In small transactions. */
export function retention(
  deps: Pick<WorkerDependencies, 'db' | 'events'>,
  inboxDays: number,
  onError: PeriodicOptions['onError'],
): Service {
  const round = async (): Promise<void> => {
    const deliveries = await inBatches(() => clearInbox(deps.db, inboxDays, BATCH));
    const idempotencyKeys = await inBatches(() => clearIdempotencyKeys(deps.db, IDEMPOTENCY_SECONDS, BATCH));
    if (deliveries + idempotencyKeys > 0)
      deps.events.emit('retention.cleared', { deliveries, idempotencyKeys });
  };
  return periodicService({ name: 'retention', everyMs: EVERY_MS, round, onError });
}

async function inBatches(clear: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const cleared = await clear();
    sum += cleared;
    if (cleared < BATCH) break;
  }
  return sum;
}
