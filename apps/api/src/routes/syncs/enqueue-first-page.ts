import { clearOutbox, type Database, type StartedJob } from '@tidemark/db';
import type { FastifyBaseLogger } from 'fastify';
import type { QueueProducer } from '../../dependencies.ts';

/** A queue that does not answer must not keep the caller waiting for longer. */
const ENQUEUE_MS = 2_000;

/**
 * Hands the first page of a sync, or the first after a pause, to the queue and clears its outbox row. Never fails: the sync is committed, and
 * what is not handed over here is found in the outbox by the workers' relay.
 */
export async function enqueueFirstPage(
  { db, queues }: { db: Database; queues: Pick<QueueProducer, 'add'> },
  syncId: string,
  job: StartedJob,
  log: FastifyBaseLogger,
): Promise<void> {
  const payload = { syncId, seq: job.seq, pickup: job.pickup };
  const handedOver = queues
    .add({ name: 'sync-page', payload, priority: job.priority })
    .then(() => clearOutbox(db, job.outboxId))
    .catch((error: unknown) => {
      log.warn({ err: error, syncId }, 'the first page was not enqueued; the outbox relay will do it');
    });
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ENQUEUE_MS);
  await Promise.race([handedOver, deadline]);
  clearTimeout(timer);
}
