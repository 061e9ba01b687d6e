import { clearOutbox, isDatabaseUnavailable, type StartedJob } from '@tidemark/db';
import { QueueUnavailableError } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';

/**
 * Enqueues a page whose job was committed to the outbox, and clears that row. A queue or a database that is away is
 * nothing to fail over: what is not handed over here is brought by the outbox relay, which may do both again.
 *
 * `enqueued` is called between the two.
 */
export async function handOverPage(
  { db, queues }: Pick<WorkerDependencies, 'db' | 'queues'>,
  syncId: string,
  { outboxId, seq, pickup, priority }: StartedJob,
  enqueued: () => void = () => undefined,
): Promise<void> {
  try {
    await queues.add({ name: 'sync-page', payload: { syncId, seq, pickup }, priority });
    enqueued();
    await clearOutbox(db, outboxId);
  } catch (error) {
    if (error instanceof QueueUnavailableError || isDatabaseUnavailable(error)) return;
    throw error;
  }
}
