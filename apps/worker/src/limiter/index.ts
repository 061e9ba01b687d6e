/**
 * The rate limiter: leave to call a source, from one budget for each pool, shared by every process.
 *
 * The only place that imports `bottleneck`, which spaces the calls of a pool evenly, over Redis or in this process
 * alone. What Bottleneck does not do is here:
 *
 * - Nobody waits longer than asked. Slots are booked at most that far ahead, and whoever would wait longer is told
 *   when to come back. For that the next free slot is read from Bottleneck's own keys, under a lock that makes
 *   reading and booking one step among all processes.
 * - A booked slot is not wasted: it belongs to the line, not to the one who asked.
 * - A call that starts late, because its process stood still, is made up for: the calls that are not booked yet are
 *   put off by as much. Where the window is too short for that, the late slot is not used.
 * - Lost keys, a restarted or flushed Redis, forgotten clients and killed holders heal, and the rate holds: after a
 *   loss nothing starts until what was booked before it has passed, and one spacing more.
 * - While Redis is away there are no tickets, within a second.
 *
 * Weaker than it may look: among the processes there is no order of arrival; after a loss of keys, calls under way
 * are not counted against `maxConcurrent`; a call that needs several contended pools may lose the slot of the first
 * when the second is taken meanwhile; and as slots are booked one by one among all processes, a pool gives about a
 * hundred calls a second, whatever its budget.
 */
export { createRateLimiter } from './rate-limiter.ts';
export type {
  AcquireOptions,
  LimiterLogger,
  PoolSettings,
  RateLimiter,
  RateLimiterOptions,
  RefusalReason,
  Ticket,
} from './types.ts';
