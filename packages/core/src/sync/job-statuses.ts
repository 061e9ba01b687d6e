/** The statuses of one job of a sync: one page under one pickup. */
export const JOB_STATUSES = ['pending', 'processing', 'success', 'failed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/**
 * Which status may follow which. `processing → pending` is a wait, which spends no attempt; `failed → processing` is
 * the next attempt. A job that was given up, or replaced by a new pickup, stays `failed`.
 */
export const JOB_TRANSITIONS: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  pending: ['processing', 'failed'],
  processing: ['pending', 'success', 'failed'],
  success: [],
  failed: ['processing'],
};
