import { JOBS, type JobRequest } from '@tidemark/core/queue';
import { type OutboxRow, relayOutbox } from '@tidemark/db';
import { z } from 'zod';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** Its writer gets this long to carry an effect out itself, right after its commit. */
const GRACE_MS = 1_000;
const EVERY_MS = 1_000;
/** Rows in one transaction, and transactions in one round at most. */
const BATCH = 200;
const BATCHES_MAX = 50;

const jobRow = z.strictObject({
  name: z.literal('sync-page'),
  payload: JOBS['sync-page'].payload,
  priority: z.int().positive(),
});

/**
 * Brings to the queue what a process could not: it died, or the queue was away, between its commit and its enqueue.
 * Delivering twice is harmless, because job ids are deterministic.
 */
export function outboxRelay(
  deps: Pick<WorkerDependencies, 'db' | 'queues' | 'events'>,
  onError: PeriodicOptions['onError'],
): Service {
  const deliver = (rows: OutboxRow[]) =>
    deps.queues.addMany(rows.map((row): JobRequest => jobRow.parse(row.payload)));
  const round = async (): Promise<void> => {
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const count = await relayOutbox(deps.db, { olderThanMs: GRACE_MS, limit: BATCH }, deliver);
      if (count > 0) deps.events.emit('outbox.relayed', { count });
      if (count < BATCH) return;
    }
  };
  return periodicService({ name: 'outbox-relay', everyMs: EVERY_MS, round, onError });
}
