import { FIRST_RANK } from './priority.ts';

/** A page that waits is put forward by one rank whenever it has waited for so long again. */
export const AGEING_STEP_MS = 5_000;

/**
 * The queue priority of a page that has been ready for `waitedMs`. Ranks say who goes first; this says that nobody waits
 * for ever: the last rank is the first one after 60 s (SPEC.md, L9), and in the first one nothing that comes later
 * overtakes. A rank beyond the last one is taken for the last.
 */
export function agedRank(rank: number, waitedMs: number): number {
  const steps = Math.floor(Math.max(0, waitedMs) / AGEING_STEP_MS);
  return Math.max(FIRST_RANK, rank - steps);
}
