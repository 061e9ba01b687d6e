import { nextTick } from '@tidemark/core/schedules';
import { readTick, type TickOutcome, takeTick } from '@tidemark/db';
import { nextCronTime } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';
import { handOverPage } from '../jobs/hand-over-page.ts';

export type TickDependencies = Pick<WorkerDependencies, 'db' | 'queues' | 'connectors' | 'events'>;

/** What became of a tick that somebody asked for. */
export type TickRun =
  | TickOutcome
  /** There is no such schedule. */
  | { kind: 'gone' }
  /** By PostgreSQL's clock it is due only so much later. */
  | { kind: 'early'; dueInMs: number };

/**
 * Carries out the tick of a connection's schedule if it is due, whoever asked: the bell, or the check that finds what
 * the bell missed. PostgreSQL decides, so asking too often, too early or twice at once does nothing.
 */
export async function runTick(deps: TickDependencies, connectionId: string): Promise<TickRun> {
  const tick = await readTick(deps.db, connectionId);
  if (tick === null) return { kind: 'gone' };
  const lateMs = tick.readAt.getTime() - tick.dueAt.getTime();
  if (lateMs < 0) return { kind: 'early', dueInMs: -lateMs };

  const next = nextTick(tick.timing, tick.readAt, nextCronTime);
  const streams = deps.connectors.get(tick.connector)?.streams.map((stream) => stream.name) ?? null;
  const outcome = await takeTick(deps.db, tick, { next, streams });
  if (outcome.kind === 'skipped') {
    deps.events.emit('schedule.skipped', { connectionId, reason: outcome.reason, lateMs });
  }
  if (outcome.kind === 'started') {
    deps.events.emit('schedule.ticked', { connectionId, syncId: outcome.syncId, lateMs });
    await handOverPage(deps, outcome.syncId, outcome.job);
  }
  return outcome;
}
