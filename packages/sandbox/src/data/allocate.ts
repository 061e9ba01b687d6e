import type { Random } from './random.ts';

/** A thread is long when it holds more messages than this: several pages of any usual size. */
export const LONG_THREAD = 300;

/** How many messages: a total over all conversations, or a range for each of them. */
export type MessageAmount = number | { readonly min: number; readonly max: number };

export interface Allocation {
  readonly conversations: number;
  readonly messages: MessageAmount;
  /** Exactly so many threads above `LONG_THREAD`; undefined leaves it to chance. */
  readonly longThreads?: number | undefined;
}

/**
 * Message counts per conversation that add up exactly to the total asked for, with exactly the number of
 * long threads asked for. Throws a RangeError when the figures contradict each other.
 */
export function allocateMessages(random: Random, wanted: Allocation): number[] {
  const { conversations, messages, longThreads } = wanted;
  if (typeof messages !== 'number') return fromRange(random, conversations, messages, longThreads);
  const bounds = boundsFor(random, conversations, messages, longThreads);
  const counts = bounds.map((bound) => bound.min);
  let rest = messages - counts.reduce((sum, count) => sum + count, 0);
  if (rest < 0) {
    throw new RangeError(`${messages} messages are too few for ${conversations} conversations`);
  }
  // Squared weights give the usual shape: many short threads and a few busy ones.
  const weights = bounds.map(() => random.next() ** 2 + 0.01);
  while (rest > 0) {
    const given = handOut(counts, bounds, weights, rest);
    if (given === 0) throw new RangeError(`${messages} messages do not fit: raise longThreads`);
    rest -= given;
  }
  return counts;
}

interface Bound {
  readonly min: number;
  readonly max: number;
}

function boundsFor(random: Random, conversations: number, total: number, longThreads?: number): Bound[] {
  // With fewer messages than conversations the last conversations stay empty.
  const least = total < conversations ? 0 : 1;
  const long = longThreads ?? 0;
  if (long > conversations) throw new RangeError('more long threads than conversations');
  const short: Bound = { min: least, max: longThreads === undefined ? Infinity : LONG_THREAD };
  const bounds = Array.from(
    { length: conversations },
    (_, index): Bound => (index < long ? { min: LONG_THREAD + 1, max: Infinity } : short),
  );
  return random.shuffle(bounds);
}

function handOut(
  counts: number[],
  bounds: readonly Bound[],
  weights: readonly number[],
  rest: number,
): number {
  let open = 0;
  for (let i = 0; i < counts.length; i += 1) if (room(counts, bounds, i) > 0) open += weights[i] ?? 0;
  if (open === 0) return 0;
  let given = 0;
  for (let i = 0; i < counts.length && given < rest; i += 1) {
    const share = Math.max(1, Math.floor(((weights[i] ?? 0) / open) * rest));
    const take = Math.min(share, room(counts, bounds, i), rest - given);
    counts[i] = (counts[i] ?? 0) + take;
    given += take;
  }
  return given;
}

function room(counts: readonly number[], bounds: readonly Bound[], i: number): number {
  return (bounds[i]?.max ?? 0) - (counts[i] ?? 0);
}

function fromRange(random: Random, conversations: number, range: Bound, longThreads = 0): number[] {
  const counts = Array.from({ length: conversations }, (_, index) =>
    index < longThreads
      ? LONG_THREAD + 1 + random.int(100)
      : range.min + random.int(range.max - range.min + 1),
  );
  return random.shuffle(counts);
}
