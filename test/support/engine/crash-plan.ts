import type { CrashHook, CrashPoint, DeliveryCrashPoint } from '@tidemark/core/crash';

/** Where a worker process is to be hit, and by what. It is hit once. */
export interface CrashPlan {
  signal: 'SIGKILL' | 'SIGSTOP';
  /** At a named point of the page at position `seq` (of a delivery: tried so often before), or at the so-manieth point it comes to, whichever it is. */
  at: { point: CrashPoint | DeliveryCrashPoint; seq: number } | { count: number };
}

/** The variable that holds the plan, as JSON. */
export const CRASH_PLAN = 'CRASH_PLAN';

/** A hook that strikes once, where the plan says. */
export function crashHookOf(plan: CrashPlan, strike: (seq: number) => void): CrashHook {
  let calls = 0;
  let isDone = false;
  return (point, seq) => {
    calls += 1;
    const isHere =
      'count' in plan.at ? calls === plan.at.count : plan.at.point === point && plan.at.seq === seq;
    if (isDone || !isHere) return;
    isDone = true;
    strike(seq);
  };
}

export function describePlan({ signal, at }: CrashPlan): string {
  return `${signal} ${'count' in at ? `at the ${at.count}th point` : `${at.point} of page ${at.seq}`}`;
}
