import { jobIdOf } from '@tidemark/core/queue';
import { rhythmOf } from '@tidemark/core/schedules';
import { listScheduleTimings } from '@tidemark/db';
import type { SchedulerState } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** Sweep intervals between two rounds: until then the check for due ticks does the bell's work. */
const SWEEPS_PER_HEAL = 6;
/** A ring that is overdue for so long was lost; a shorter while it may wait for a busy worker. */
const LOST_MS = 60_000;

/**
 * Makes the job schedulers of the queue what the schedules in PostgreSQL say: at start, and again and again. Puts back
 * what is missing, differs or rings no more, and removes what has no schedule.
 *
 * The queue is read before PostgreSQL: a schedule that is made meanwhile is put in once more, which does nothing, and
 * none that just was put in is removed.
 */
export function scheduleHeal(
  deps: Pick<WorkerDependencies, 'db' | 'queues' | 'events' | 'now'>,
  sweepSeconds: number,
  onError: PeriodicOptions['onError'],
): Service {
  const round = async (): Promise<void> => {
    const found = await deps.queues.listSchedulers('schedule-tick');
    const schedules = await listScheduleTimings(deps.db);
    const states = new Map(found.map((state) => [state.id, state]));
    let restored = 0;
    for (const { connectionId, timing } of schedules) {
      const payload = { connectionId };
      const id = jobIdOf('schedule-tick', payload);
      const state = states.get(id);
      states.delete(id);
      if (state !== undefined && state.rhythm === rhythmOf(timing) && !isLost(state, deps.now())) continue;
      await deps.queues.upsertScheduler({ name: 'schedule-tick', payload, timing });
      restored += 1;
    }
    for (const id of states.keys()) await deps.queues.removeScheduler('schedule-tick', id);
    if (restored + states.size > 0) deps.events.emit('schedules.healed', { restored, removed: states.size });
  };
  return periodicService({
    name: 'schedule-heal',
    everyMs: sweepSeconds * 1_000 * SWEEPS_PER_HEAL,
    round,
    onError,
  });
}

function isLost({ nextAt }: SchedulerState, nowMs: number): boolean {
  return nextAt === null || nextAt.getTime() < nowMs - LOST_MS;
}
