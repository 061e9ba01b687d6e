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

/** The same for a delivery of the inbox. Two of them lie inside its one transaction. */
export const DELIVERY_CRASH_POINTS = [
  'afterDeliveryLoad',
  'beforeRulesFire',
  'afterRulesFired',
  'afterDeliveryCommit',
] as const;
export type DeliveryCrashPoint = (typeof DELIVERY_CRASH_POINTS)[number];

/** Called at each crash point with the page's position in its sync, or how often the delivery was tried before. */
export type CrashHook = (point: CrashPoint | DeliveryCrashPoint, seq: number) => void;

export const noCrash: CrashHook = () => {};
