import { createRandom, type Fault, type FaultRuleInput, type Random } from '@tidemark/sandbox';

/** What happens to a Page, or to the sync, before a page is read. */
export type Event =
  /** A message moves its thread to the top; `place` picks the thread, 0 the oldest, 1 the newest. */
  { kind: 'message'; place: number } | { kind: 'conversation' } | { kind: 'pause' };

export interface Step {
  /** Seconds that pass at the source first. */
  seconds: number;
  events: Event[];
}

/** A Page that lives while it is walked, twice; then it is quiet. The same seed gives the same plan. */
export interface DriftPlan {
  seed: number;
  page: { conversations: number; messages: number; longThreads: number };
  connect: { pageSize: number; messagesPerConversation: number };
  /** Above this many rows asked for the source says "reduce the amount of data". */
  maxRows: number | null;
  syncs: { before: Event[]; steps: Step[]; faults: FaultRuleInput[] }[];
}

/** Pages after which a walk is left in peace: it has to come to an end. */
const LIVELY_PAGES = 60;

export function planDrift(seed: number): DriftPlan {
  const random = createRandom(`drift ${seed}`);
  const conversations = between(random, 12, 30);
  const longThreads = random.int(2);
  return {
    seed,
    page: {
      conversations,
      messages: conversations * between(random, 3, 12) + 320 * longThreads,
      longThreads,
    },
    connect: { pageSize: between(random, 2, 6), messagesPerConversation: between(random, 2, 8) },
    maxRows: random.chance(0.3) ? between(random, 4, 24) : null,
    syncs: Array.from({ length: 2 }, (_, walk) => ({
      before: walk === 0 ? [] : planBusyTime(random, conversations),
      steps: Array.from({ length: LIVELY_PAGES }, () => planStep(random)),
      faults: planFaults(random),
    })),
  };
}

function planStep(random: Random): Step {
  const seconds = random.chance(0.3) ? between(random, 0, 300) : random.int(3);
  const count = random.chance(0.45) ? between(random, 1, 3) : 0;
  return { seconds, events: Array.from({ length: count }, () => planEvent(random)) };
}

function planEvent(random: Random): Event {
  if (random.chance(0.06)) return { kind: 'pause' };
  if (random.chance(0.2)) return { kind: 'conversation' };
  // Mostly threads the walk has yet to come to.
  return { kind: 'message', place: random.chance(0.7) ? random.next() * 0.5 : random.next() };
}

/** More happens between two walks than the second one sees with its first page of conversations, or of messages. */
function planBusyTime(random: Random, conversations: number): Event[] {
  return Array.from({ length: 8 * conversations }, () => ({ kind: 'message', place: random.next() ** 2 }));
}

const FAULTS: readonly ((random: Random) => Fault)[] = [
  () => ({ type: 'stale-cursor', mode: '2642', shift: 0, onlyAfterMutation: false }),
  () => ({ type: 'stale-cursor', mode: '100', shift: 0, onlyAfterMutation: false }),
  (random) => ({
    type: 'stale-cursor',
    mode: 'wrong-position',
    shift: -between(random, 1, 12),
    onlyAfterMutation: false,
  }),
  () => ({ type: 'empty-page' }),
  () => ({ type: 'short-page', rows: 1 }),
  () => ({ type: 'truncated-json', share: 0.5 }),
];

/** Each hits one call. The last one says of a conversation that its messages cannot be had, and is not asked again. */
function planFaults(random: Random): FaultRuleInput[] {
  const rules: FaultRuleInput[] = [];
  for (const faultOf of FAULTS) {
    if (!random.chance(0.4)) continue;
    const fault = faultOf(random);
    rules.push({ fault, after: between(random, 1, 25), count: 1 });
  }
  if (random.chance(0.2)) {
    rules.push({
      fault: { type: 'error', code: 100, subcode: 33 },
      when: { edge: 'messages' },
      after: random.int(4),
      count: 1,
    });
  }
  return rules;
}

function between(random: Random, from: number, to: number): number {
  return from + random.int(to - from + 1);
}
