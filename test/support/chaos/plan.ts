import { CRASH_POINTS, type CrashPoint } from '@tidemark/core/crash';
import { createRandom, type FaultRuleInput, type Random } from '@tidemark/sandbox';
import type { CrashPlan } from '../engine/crash-plan.ts';
import type { ClockStep } from '../engine/stepped-clock.ts';

/** Something that happens to the machinery once a sync has come so far. */
export type Disturbance =
  | { kind: 'flush-redis' | 'restart-redis'; seq: number }
  /** Every session of the engine is ended, as by an administrator or a proxy. */
  | { kind: 'cut-sessions'; seq: number }
  /** The source refuses so many calls, whoever makes them. */
  | { kind: 'throttle-storm'; seq: number; calls: number }
  | { kind: 'restart-postgres'; seq: number; mode: 'fast' | 'immediate' };

/** All that goes wrong in one run. The same seed gives the same plan. */
export interface ChaosPlan {
  seed: number;
  backend: 'redis' | 'postgres';
  page: { conversations: number; messages: number; longThreads: number; odd: boolean };
  connect: {
    pageSize: number;
    messagesPerConversation: number;
    pagePool: { maxCalls: number; perSeconds: number };
  };
  latencyMs: number;
  maxRows: number | null;
  faults: FaultRuleInput[];
  disturbances: Disturbance[];
  /** What the workers are told, one after the other as they are started; then they live. */
  crashes: CrashPlan[];
  /** How the clocks of the workers jump, in the same order; a machine's clock may be wrong from the start. */
  clocks: ClockStep[][];
  workers: number;
}

export function planChaos(seed: number): ChaosPlan {
  const random = createRandom(`chaos ${seed}`);
  const backend = random.chance(0.7) ? 'redis' : 'postgres';
  const conversations = between(random, 20, 50);
  const longThreads = random.int(2);
  return {
    seed,
    backend,
    page: {
      conversations,
      messages: conversations * between(random, 8, 18) + 400 * longThreads,
      longThreads,
      odd: true,
    },
    connect: {
      pageSize: between(random, 3, 10),
      messagesPerConversation: between(random, 5, 25),
      pagePool: { maxCalls: between(random, 20, 60), perSeconds: 1 },
    },
    latencyMs: random.int(20),
    maxRows: random.chance(0.3) ? between(random, 30, 120) : null,
    faults: SOURCE_FAULTS.filter(() => random.chance(0.6)),
    disturbances: planDisturbances(random, backend),
    crashes: Array.from({ length: random.int(4) }, () => planCrash(random, backend)),
    clocks: Array.from({ length: random.int(4) }, () => planClock(random)),
    workers: backend === 'redis' ? between(random, 2, 3) : 1,
  };
}

/** What a source says whose limit is reached. */
export const THROTTLED: FaultRuleInput['fault'] = {
  type: 'raw',
  status: 400,
  body: JSON.stringify({ error: { message: 'Calls exceeded', type: 'OAuthException', code: 613 } }),
  headers: { 'retry-after': '1' },
};

/** Each hits a few calls in a hundred. None of them changes what is there. */
const SOURCE_FAULTS: readonly FaultRuleInput[] = [
  { fault: { type: 'error', code: 2, status: 500 }, probability: 0.03 },
  { fault: { type: 'html', status: 503 }, probability: 0.02 },
  { fault: { type: 'reset', when: 'before' }, probability: 0.02 },
  { fault: { type: 'reset', when: 'during' }, probability: 0.02 },
  { fault: { type: 'truncated-json' }, probability: 0.02 },
  { fault: { type: 'malformed-json' }, probability: 0.02 },
  { fault: { type: 'slow-body', ms: 200, chunks: 4 }, probability: 0.03 },
  { fault: { type: 'empty-page' }, when: { edge: 'conversations' }, probability: 0.1 },
  { fault: { type: 'empty-page' }, when: { edge: 'messages' }, probability: 0.05 },
  { fault: { type: 'short-page', rows: 2 }, probability: 0.1 },
  { fault: THROTTLED, probability: 0.02 },
];

const CLOCK_STEPS_MS = [-3_600_000, -20_000, -1_500, 1_500, 20_000, 3_600_000] as const;

/** Now and then a clock jumps back to where it was. */
function planClock(random: Random): ClockStep[] {
  const byMs = random.pick(CLOCK_STEPS_MS);
  const count = random.chance(0.3) ? 0 : between(random, 1, 40);
  const step = { count, byMs };
  return random.chance(0.5) ? [step] : [step, { count: count + between(random, 1, 20), byMs: -byMs }];
}

function planDisturbances(random: Random, backend: ChaosPlan['backend']): Disturbance[] {
  const count = between(random, 1, 4);
  const at = Array.from({ length: count }, () => between(random, 2, 25)).sort((a, b) => a - b);
  return at.map((seq): Disturbance => {
    if (random.chance(0.15)) return { kind: 'throttle-storm', seq, calls: between(random, 2, 5) };
    if (random.chance(0.25)) return { kind: 'cut-sessions', seq };
    if (backend === 'redis' && random.chance(0.65)) {
      return { kind: random.pick(['flush-redis', 'restart-redis'] as const), seq };
    }
    return { kind: 'restart-postgres', seq, mode: random.pick(['fast', 'immediate'] as const) };
  });
}

/** A worker that is stopped in the middle of its transaction keeps its locks; that is a case of its own. */
const STOPPABLE: readonly CrashPoint[] = CRASH_POINTS.filter((point) => point !== 'insideCommit');

function planCrash(random: Random, backend: ChaosPlan['backend']): CrashPlan {
  if (backend === 'redis' && random.chance(0.3)) {
    return { signal: 'SIGSTOP', at: { point: random.pick(STOPPABLE), seq: between(random, 1, 12) } };
  }
  return { signal: 'SIGKILL', at: { count: between(random, 1, 40) } };
}

/** A whole number from `from` to `to`, both included. */
function between(random: Random, from: number, to: number): number {
  return from + random.int(to - from + 1);
}
