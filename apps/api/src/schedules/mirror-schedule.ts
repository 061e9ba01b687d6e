import { jobIdOf } from '@tidemark/core/queue';
import type { ScheduleTiming } from '@tidemark/core/schedules';
import type { FastifyBaseLogger } from 'fastify';
import type { QueueProducer } from '../dependencies.ts';

/**
 * Tells the queue's bell that a schedule changed; `timing: null`: that it is gone. Never fails, and takes no longer
 * than the queue's calls may: what the bell does not learn here, the workers find in PostgreSQL.
 */
export async function mirrorSchedule(
  { queues }: { queues: Pick<QueueProducer, 'upsertScheduler' | 'removeScheduler'> },
  connectionId: string,
  timing: ScheduleTiming | null,
  log: FastifyBaseLogger,
): Promise<void> {
  const payload = { connectionId };
  try {
    await (timing === null
      ? queues.removeScheduler('schedule-tick', jobIdOf('schedule-tick', payload))
      : queues.upsertScheduler({ name: 'schedule-tick', payload, timing }));
  } catch (error) {
    log.warn({ err: error, connectionId }, 'the queue did not learn of a schedule; the workers will heal it');
  }
}
