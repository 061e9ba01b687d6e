import { findDueTicks } from '@tidemark/db';
import { runTick, type TickDependencies } from '../schedules/run-tick.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** The bell gets this long to bring a tick. */
const GRACE_MS = 1_000;
const EVERY_MS = 1_000;
/** Ticks read at once, and reads in one round at most. */
const BATCH = 100;
const BATCHES_MAX = 50;

/**
 * Finds ticks in PostgreSQL that are due and that no bell brought: Redis lost the scheduler, was away, or the ring came
 * while PostgreSQL was. So a tick is late by about two seconds at most, whatever the queue does.
 */
export function scheduleCheck(deps: TickDependencies, onError: PeriodicOptions['onError']): Service {
  const round = async (): Promise<void> => {
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const due = await findDueTicks(deps.db, { overdueMs: GRACE_MS, limit: BATCH });
      const failed = await runAll(deps, due, onError);
      if (due.length < BATCH || failed > 0) return;
    }
  };
  return periodicService({ name: 'schedule-check', everyMs: EVERY_MS, round, onError });
}

/** One schedule that cannot tick must not keep the others from it. Returns how many could not. */
async function runAll(
  deps: TickDependencies,
  connectionIds: readonly string[],
  onError: PeriodicOptions['onError'],
): Promise<number> {
  let failed = 0;
  for (const connectionId of connectionIds) {
    try {
      await runTick(deps, connectionId);
    } catch (error) {
      failed += 1;
      onError('schedule-check', error);
    }
  }
  return failed;
}
