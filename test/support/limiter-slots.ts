import { monitorRedis } from './redis-monitor.ts';

/** A slot of a pool as it was booked; by Redis's clock, in epoch milliseconds. */
export interface LimiterSlot {
  bookedAt: number;
  dueAt: number;
  /** The soonest it could have been due: not before it was booked, nor before the pool was free again. */
  soonestAt: number;
}

/**
 * The slots the limiter books, as Redis sees them: what every process may do, whenever it then gets round to it. So what
 * is said of them does not depend on how busy the machine is.
 */
export interface LimiterSlots {
  /** In the order in which they were booked. */
  readonly booked: readonly LimiterSlot[];
  close(): void;
}

/** The name of the connection that looks on. */
export const SLOTS_CLIENT = 'limiter-slots';

/** Follows the slots of a pool that nobody has used yet. */
export async function watchLimiterSlots(redisUrl: string, pool: string): Promise<LimiterSlots> {
  const booked: LimiterSlot[] = [];
  // Settings may change on the way: a source that answers slowly has its calls spaced wider.
  let spacingMs: number | undefined;
  let freeAt = Number.NEGATIVE_INFINITY;
  let isBooking = false;
  const note = (time: number, [command = '', key = '', ...values]: readonly string[]): void => {
    if (!key.includes(`{${pool}}`)) return;
    const what = `${command.toLowerCase()} ${key.slice(key.lastIndexOf('}_') + 2)}`;
    if (what === 'hmset settings' && values.includes('minTime')) {
      spacingMs = Number(values[values.indexOf('minTime') + 1]);
    }
    // Bottleneck notes who booked last, and then when the pool is free again; our own scripts do only the latter.
    if (what === 'zadd client_last_registered' && values[0] !== '0') isBooking = true;
    if (what !== 'hset settings' || values[0] !== 'nextRequest') return;
    const nextAt = Number(values[1]);
    if (isBooking) {
      if (spacingMs === undefined) throw new Error(`the pool ${pool} was used before it was watched`);
      const bookedAt = time * 1_000;
      booked.push({ bookedAt, dueAt: nextAt - spacingMs, soonestAt: Math.max(bookedAt, freeAt) });
    }
    freeAt = nextAt;
    isBooking = false;
  };
  const monitor = await monitorRedis(redisUrl, SLOTS_CLIENT, note);
  return { booked, close: () => monitor.close() };
}

/** How many of the slots were booked ahead of their time: a pool that is asked for has no gaps between these. */
export function bookedAhead(slots: readonly LimiterSlot[]): LimiterSlot[] {
  return slots.filter(({ bookedAt, dueAt }) => dueAt > bookedAt);
}

/** The most that fell into any window of so many milliseconds. */
export function mostInWindow(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Calls that came before the slot that was theirs: the n-th call has the n-th slot. Both in epoch milliseconds. */
export function callsWithoutSlot(calls: readonly number[], slots: readonly LimiterSlot[]): number[] {
  const due = slots.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b);
  // Timers and clocks count whole milliseconds.
  const roundingMs = 3;
  return calls
    .toSorted((a, b) => a - b)
    .filter((at, index) => at < (due[index] ?? Number.POSITIVE_INFINITY) - roundingMs);
}
