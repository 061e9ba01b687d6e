/**
 * The dangerous moments in the life of a page, by name. In production a crash point does nothing; the chaos
 * tests kill the process there. `ARCHITECTURE.md` says what holds at each.
 */
export const CRASH_POINTS = [
  'afterClaim',
  'beforeFetch',
  'afterFetch',
  'insideCommit',
  'afterCommitBeforeEnqueue',
  'afterEnqueueBeforeAck',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Called at each crash point with the page's position in its sync. */
export type CrashHook = (point: CrashPoint, seq: number) => void;

export const noCrash: CrashHook = () => {};
