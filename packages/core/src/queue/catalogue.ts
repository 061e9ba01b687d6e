import { z } from 'zod';

/** The queues, each with its own share of workers, so that a backfill never delays a webhook. */
export const QUEUE_NAMES = ['webhook', 'sync', 'daily', 'system'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/**
 * A kind of job. Payloads are ids and numbers, never data or secrets: the queue is disposable, and what it
 * held can be made again from PostgreSQL.
 */
export interface JobDefinition<P> {
  queue: QueueName;
  payload: z.ZodType<P>;
  /**
   * The deterministic id of the job. The pickup is part of it, so that a retained finished job never swallows
   * a new one (BullMQ ignores an `add` with a known id). No `:`, and never digits only: BullMQ refuses both.
   */
  jobId(payload: P): string;
}

const syncPage = z.strictObject({
  syncId: z.uuid(),
  /** The position of the page in its sync: how many pages were committed before it. */
  seq: z.int().nonnegative(),
  /** How often work on this sync was handed to the queue anew after it was lost. */
  pickup: z.int().nonnegative(),
});

const webhookDelivery = z.strictObject({ deliveryId: z.uuid(), pickup: z.int().nonnegative() });

const scheduleTick = z.strictObject({ connectionId: z.uuid() });

function define<P>(definition: JobDefinition<P>): JobDefinition<P> {
  return definition;
}

export const JOBS = {
  'sync-page': define({
    queue: 'sync',
    payload: syncPage,
    jobId: ({ syncId, seq, pickup }) => `${syncId}-${seq}-${pickup}`,
  }),
  'webhook-delivery': define({
    queue: 'webhook',
    payload: webhookDelivery,
    jobId: ({ deliveryId, pickup }) => `${deliveryId}-${pickup}`,
  }),
  /**
   * Rung by a job scheduler, never added: the id is the scheduler's, and BullMQ makes one for each ring from it. Whether
   * a tick is due is for PostgreSQL to say.
   */
  'schedule-tick': define({
    queue: 'system',
    payload: scheduleTick,
    jobId: ({ connectionId }) => `schedule-${connectionId}`,
  }),
} as const;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>;

export interface JobRequest<N extends JobName = JobName> {
  name: N;
  payload: JobPayload<N>;
  /** Not before this many milliseconds from now. */
  delayMs?: number;
  /** 1 comes first. */
  priority: number;
}

/** The job's id, after its payload was checked. Throws ZodError: a payload that does not fit is a bug. */
export function jobIdOf(name: JobName, payload: unknown): string {
  switch (name) {
    case 'sync-page':
      return JOBS[name].jobId(syncPage.parse(payload));
    case 'webhook-delivery':
      return JOBS[name].jobId(webhookDelivery.parse(payload));
    case 'schedule-tick':
      return JOBS[name].jobId(scheduleTick.parse(payload));
  }
}
