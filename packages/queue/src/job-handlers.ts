import {
  JOBS,
  type JobDefinition,
  type JobName,
  type JobPayload,
  type QueueName,
} from '@tidemark/core/queue';
import { MissingHandlerError } from './errors.ts';
import type { JobOutcome } from './outcome.ts';

export interface JobContext {
  jobId: string;
  /** Attempts that ended in `retry` or an exception. Waits and lost workers do not count. */
  attemptsMade: number;
  /** Aborts when the worker stops and its grace is over: return soon, or the job is handed to another worker. */
  signal: AbortSignal;
}

/** Carries out one job. May be called twice for the same job, also at the same time: check before you write. */
export type JobHandler<N extends JobName> = (
  payload: JobPayload<N>,
  context: JobContext,
) => Promise<JobOutcome>;

/** One handler for each job of the worker's queue. */
export type JobHandlers = { [N in JobName]?: JobHandler<N> };

/** A handler that reads its own payload. Throws ZodError when the payload does not fit the catalogue. */
export type BoundHandler = (payload: unknown, context: JobContext) => Promise<JobOutcome>;

const CATALOGUE: { [N in JobName]: JobDefinition<JobPayload<N>> } = JOBS;

export const JOB_NAMES = Object.keys(JOBS).filter((name): name is JobName => name in JOBS);

/** The handlers of a queue by the name of their job. Throws MissingHandlerError when one is missing. */
export function bindHandlers(queue: QueueName, handlers: JobHandlers): ReadonlyMap<string, BoundHandler> {
  const bound = new Map<string, BoundHandler>();
  for (const name of JOB_NAMES) {
    if (CATALOGUE[name].queue === queue) {
      bound.set(name, bind(name, handlers));
    }
  }
  return bound;
}

function bind<N extends JobName>(name: N, handlers: JobHandlers): BoundHandler {
  const definition: JobDefinition<JobPayload<N>> = CATALOGUE[name];
  const handler: JobHandler<N> | undefined = handlers[name];
  if (handler === undefined) {
    throw new MissingHandlerError(
      `No handler was given for the job "${name}" of the queue "${definition.queue}".`,
    );
  }
  return (payload, context) => handler(definition.payload.parse(payload), context);
}
