/** What a caller may ask for. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What started a sync. */
export const TRIGGERS = ['api', 'schedule', 'webhook', 'retry', 'gap', 'watch'] as const;
export type Trigger = (typeof TRIGGERS)[number];

const TRIGGER_RANK: Readonly<Record<Trigger, number>> = {
  webhook: 1,
  watch: 1,
  api: 2,
  retry: 2,
  gap: 3,
  schedule: 4,
};
const PRIORITY_STEP: Readonly<Record<Priority, number>> = { high: -1, normal: 0, low: 1 };

/** A backfill reads everything; what reads only news goes first. */
const BACKFILL_STEP = 4;

/** The ranks pages can have: of a webhook's news, and of a scheduled backfill of low priority. */
export const FIRST_RANK = 1;
export const LAST_RANK = 13;

/**
 * The queue priority of a page: webhook before manual before scheduled before backfill (E21). 1 comes first.
 * Every page is a new job behind those that wait with the same rank, so equals take turns. One that waits long is put
 * forward by `agedRank`, so that nobody starves.
 */
export function priorityRank(input: { trigger: Trigger; priority: Priority; backfill: boolean }): number {
  const rank =
    2 * TRIGGER_RANK[input.trigger] + PRIORITY_STEP[input.priority] + (input.backfill ? BACKFILL_STEP : 0);
  return Math.max(FIRST_RANK, rank);
}
