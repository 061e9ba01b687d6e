import { jobIdOf } from '@tidemark/core/queue';
import { isDatabaseUnavailable, isTransientConflict } from '@tidemark/db';
import { type JobHandler, QueueUnavailableError } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { runTick, type TickDependencies } from '../schedules/run-tick.ts';

/** A bell that rings so little before its time is sent back until then: it goes by another clock than PostgreSQL. */
const EARLY_MS_MAX = 5_000;

/**
 * The bell of a schedule. It says nothing but "look now": what cannot be looked at now, because PostgreSQL is away or
 * another worker was at it, is found by the check for due ticks, so a ring never has to be repeated.
 */
export function scheduleTickHandler(
  deps: TickDependencies & Pick<WorkerDependencies, 'now'>,
): JobHandler<'schedule-tick'> {
  return async ({ connectionId }) => {
    try {
      const run = await runTick(deps, connectionId);
      if (run.kind === 'early' && run.dueInMs <= EARLY_MS_MAX) {
        return { kind: 'wait', until: new Date(deps.now() + Math.max(1, run.dueInMs)) };
      }
      if (run.kind === 'gone') {
        await deps.queues.removeScheduler('schedule-tick', jobIdOf('schedule-tick', { connectionId }));
      }
    } catch (error) {
      const isPassing =
        isDatabaseUnavailable(error) || isTransientConflict(error) || error instanceof QueueUnavailableError;
      if (!isPassing) throw error;
    }
    return { kind: 'done' };
  };
}
