import { JOBS, type JobName, type JobPayload, jobIdOf } from '@tidemark/core/queue';
import { nextTick, rhythmOf, type ScheduleTiming } from '@tidemark/core/schedules';
import { ErrorCode, type JobSchedulerJson, type Queue, type RepeatOptions } from 'bullmq';
import { nextCronTime } from './cron.ts';
import { InvalidJobError } from './errors.ts';

/** Jobs that schedulers ring. */
export type ScheduledJobName = Extract<JobName, 'schedule-tick'>;

/** A job that is to come again and again. Its scheduler's id follows from name and payload. */
export interface SchedulerRequest<N extends ScheduledJobName = ScheduledJobName> {
  name: N;
  payload: JobPayload<N>;
  timing: ScheduleTiming;
}

/** A scheduler as the queue knows it. */
export interface SchedulerState {
  id: string;
  /** As `rhythmOf` tells the timing it was put in with; empty for one that is not ours. */
  rhythm: string;
  /** When it rings next; a time long past: nobody works on the queue, or the ring was lost. */
  nextAt: Date | null;
}

/** Schedulers read from the backend at once: each costs a call, and all calls of a page share its round trip. */
const PAGE = 200;
/** Pages at most: more than that many schedulers have no place in one queue. */
const PAGES_MAX = 500;

/**
 * A ring is worth nothing once it was heard or missed: it is tried once, and few are kept for a look in Bull Board.
 * What it asked for is found in PostgreSQL.
 */
const RING_OPTIONS = {
  attempts: 1,
  stackTraceLimit: 2,
  removeOnComplete: { age: 3_600, count: 100 },
  removeOnFail: { age: 7 * 86_400, count: 100 },
} as const;

/**
 * On PostgreSQL, callers that put in the same scheduler at once can meet at its next ring, or lock each other out. One
 * of them wins, and the others find what it put in.
 */
const UPSERT_ATTEMPTS_MAX = 4;
/** PostgreSQL, Appendix A. It takes a second to find one, so the time of a call may be over before the next attempt. */
const DEADLOCK_DETECTED = '40P01';

export async function upsertScheduler(queue: Queue, request: SchedulerRequest): Promise<void> {
  const { name, payload, timing } = request;
  const template = { name, data: payload, opts: RING_OPTIONS };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await queue.upsertJobScheduler(jobIdOf(name, payload), repeatOf(timing), template);
      return;
    } catch (error) {
      if (!isCollision(error) || attempt >= UPSERT_ATTEMPTS_MAX) throw error;
    }
  }
}

function isCollision(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === ErrorCode.SchedulerJobIdCollision || error.code === DEADLOCK_DETECTED;
}

/**
 * Every scheduler of a queue, read page by page in the order of their next rings. One that rings meanwhile moves to the
 * end, so it may be met twice, and another one missed.
 */
export async function listSchedulers(
  readPage: (first: number, last: number) => Promise<JobSchedulerJson[]>,
): Promise<SchedulerState[]> {
  const found = new Map<string, SchedulerState>();
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const schedulers = await readPage(page * PAGE, (page + 1) * PAGE - 1);
    for (const scheduler of schedulers) found.set(scheduler.key, stateOf(scheduler));
    if (schedulers.length < PAGE) return [...found.values()];
  }
  return [...found.values()];
}

export function queueOfScheduled(name: ScheduledJobName) {
  return JOBS[name].queue;
}

/** BullMQ keeps the pattern as it is and asks us for its times, so intervals are told as patterns too. */
function repeatOf(timing: ScheduleTiming): Omit<RepeatOptions, 'key'> {
  if (!('everySeconds' in timing)) return { pattern: timing.cron, tz: timing.timezone };
  return { pattern: rhythmOf(timing) };
}

function stateOf({ key, pattern = '', tz, next }: JobSchedulerJson): SchedulerState {
  const rhythm = tz === undefined ? pattern : rhythmOf({ cron: pattern, timezone: tz });
  return { id: key, rhythm, nextAt: next === undefined ? null : new Date(next) };
}

/**
 * BullMQ's question for the next ring after `millis`. It has two ways of its own to count, and neither is the one that
 * ticks are counted with in PostgreSQL; with this one, the bell rings when a tick is due.
 */
export function repeatStrategy(millis: number, { pattern = '', tz }: RepeatOptions): number {
  return nextTick(timingOf(pattern, tz), new Date(millis), nextCronTime).getTime();
}

const INTERVAL = /^every (\d+) s, (\d+) ms after the epoch$/;

function timingOf(pattern: string, tz: string | undefined): ScheduleTiming {
  const [, everySeconds, phaseMs] = INTERVAL.exec(pattern) ?? [];
  if (everySeconds !== undefined) {
    return { everySeconds: Number(everySeconds), anchor: new Date(Number(phaseMs)) };
  }
  if (tz === undefined) throw new InvalidJobError(`A scheduler has the unknown pattern "${pattern}".`);
  return { cron: pattern, timezone: tz };
}
