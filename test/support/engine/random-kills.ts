import type { Random } from '@tidemark/sandbox';
import { type CrashPlan, describePlan } from './crash-plan.ts';
import type { Program } from '../processes.ts';

/** Names the seed to run with again. */
const CHAOS_SEED = 'CHAOS_SEED';

/** The same seed in each run, unless another is asked for: a run that finds something rare is one to ask for. */
export function chaosSeed(what: string): string {
  const seed = process.env[CHAOS_SEED] ?? '20260';
  process.stdout.write(`${what}: ${CHAOS_SEED}=${seed}\n`);
  return seed;
}

export interface RandomKills {
  random: Random;
  /** How many workers are to die in all. */
  kills: number;
  /** How many are alive at a time. */
  workers: number;
  launch(plan: CrashPlan | undefined): Promise<Program>;
  isOver(): Promise<boolean>;
}

/** Points that lie in a page's way: a worker that dies at the 13th of them has done two pages. */
const FEW_PAGES = 18;

/**
 * Keeps so many workers alive, each of which kills itself at a random point of its work until enough have died. Returns
 * when the work is over, with what they were told.
 */
export async function killAtRandom(options: RandomKills): Promise<string[]> {
  const { random, launch, isOver } = options;
  const plans: string[] = [];
  let kills = 0;
  const keepOneAlive = async (): Promise<void> => {
    for (;;) {
      const isLast = kills + options.workers > options.kills;
      const plan: CrashPlan = { signal: 'SIGKILL', at: { count: 1 + random.int(FEW_PAGES) } };
      if (!isLast) plans.push(describePlan(plan));
      const worker = await launch(isLast ? undefined : plan);
      const died = await endsBefore(worker, isOver);
      if (!died) return;
      kills += 1;
    }
  };
  await Promise.all(Array.from({ length: options.workers }, keepOneAlive));
  return plans;
}

/** Whether the worker died before the work was over. */
async function endsBefore(worker: Program, isOver: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    const exit = await worker.waitForExit({ timeoutMs: 100 }).catch(() => undefined);
    if (exit !== undefined) return true;
    if (await isOver()) return false;
  }
}
