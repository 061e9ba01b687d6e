/** What became of the sweep of a stream. `walking`: the full walk it belongs to is not over. */
export const SWEEP_STATUSES = ['walking', 'swept', 'held', 'skipped', 'superseded'] as const;
export type SweepStatus = (typeof SWEEP_STATUSES)[number];

/**
 * Why a full walk deletes nothing: a page of it could not be had; the connector could not prove that it saw everything;
 * a quarantined record has no id, so that it could be any of those that seem to have vanished.
 */
export const SWEEP_DOUBTS = ['partial', 'walk_unproved', 'record_unnamed'] as const;
export type SweepDoubt = (typeof SWEEP_DOUBTS)[number];

/** The share of stored records a sweep may delete unasked, unless the connection says otherwise. */
export const SWEEP_SHARE_MAX = 0.2;

/** So few never stop at the share: in a set of three, each one is a third. */
const FEW = 1;

/**
 * The guard: whether a sweep has to be asked about before it is carried out. `of` is how many records were stored
 * when the walk began, `wouldDelete` those of them the source does not show any more.
 *
 * - A share of 1 never asks, a share of 0 always does.
 * - In between, more than the share asks, unless it is a single record; and so does a sweep that would leave nothing,
 *   however few there were: an empty answer is more often a fault than the truth.
 */
export function needsApproval(sweep: { wouldDelete: number; of: number; shareMax: number }): boolean {
  const { wouldDelete, of, shareMax } = sweep;
  if (wouldDelete === 0 || shareMax >= 1) return false;
  if (shareMax <= 0 || wouldDelete >= of) return true;
  return wouldDelete > FEW && wouldDelete > of * shareMax;
}
