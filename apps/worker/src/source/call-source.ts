import type { SourceAnswer, SourceIo } from '@tidemark/core/connector';
import { type Failure, SourceError } from '@tidemark/core/failure';
import { isResponseNews, observeResponses, RESPONSES_FRESH_MS } from '@tidemark/core/limits';
import { type PoolState, pausePool, reportResponseTimes, reportUsage } from '@tidemark/db';
import pRetry from 'p-retry';
import type { WorkerDependencies } from '../dependencies.ts';
import type { PoolSettings } from '../limiter/index.ts';
import type { Account } from '../jobs/page-plan.ts';
import { httpTransport } from './transport.ts';

type Answered<T> =
  | { kind: 'answer'; answer: T }
  /** The limiter has no place for a while, so no call was made. A time span: the clock may be set at any moment. */
  | { kind: 'refused'; delayMs: number; reason: string };

/** `apiCalls` counts the calls that were made, failed ones included. */
export type CallOutcome<T> = { apiCalls: number } & (Answered<T> | { kind: 'failed'; failure: Failure });

export type CallDependencies = Pick<WorkerDependencies, 'db' | 'limiter' | 'events' | 'now'>;

/** A call to a source, its body included. */
export const CALL_TIMEOUT_MS = 60_000;
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Waiting for the limiter holds a worker slot for at most this long; what takes longer goes back to the queue. */
const TICKET_WAIT_MS = 1_000;

/** Short transient faults are retried inside the job; longer ones are attempts of their own. */
const SHORT_RETRIES = { retries: 2, minTimeout: 250, maxTimeout: 1_000, factor: 3, randomize: true } as const;

/** A share that moved by less than this is not worth a write. */
const SHARE_STEP = 0.02;

/**
 * Asks a source one thing: a limiter ticket for each call, the call, and the connector's reading of the answer. What the
 * answers tell about the budgets is kept. Throws only the reason of `signal`, and bugs.
 */
export async function callSource<T>(
  deps: CallDependencies,
  { account, pools, signal }: { account: Account; pools: readonly PoolState[]; signal: AbortSignal },
  ask: (io: SourceIo) => Promise<T>,
): Promise<CallOutcome<T>> {
  let apiCalls = 0;
  const answers: SourceAnswer[] = [];
  const tookMs: number[] = [];
  const io = httpTransport({
    timeoutMs: CALL_TIMEOUT_MS,
    bodyBytesMax: BODY_BYTES_MAX,
    signal,
    now: deps.now,
    onCall: () => {
      apiCalls += 1;
    },
    onAnswer: (answer) => answers.push(answer),
    onTook: (ms) => tookMs.push(ms),
  });
  const call = async (): Promise<Answered<T>> => {
    const ticket = await deps.limiter.acquire(
      pools.map((pool) => toSettings(pool, deps.now())),
      {
        maxWaitMs: TICKET_WAIT_MS,
        signal,
      },
    );
    if (!ticket.granted) {
      return { kind: 'refused', delayMs: ticket.retryAt.getTime() - deps.now(), reason: ticket.reason };
    }
    try {
      return { kind: 'answer', answer: await ask(io) };
    } finally {
      ticket.release();
    }
  };
  try {
    const outcome = await pRetry(call, {
      ...SHORT_RETRIES,
      signal,
      shouldRetry: ({ error }) => isShortFault(error),
    });
    return { ...outcome, apiCalls };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceError) return { kind: 'failed', failure: error.failure, apiCalls };
    throw error;
  } finally {
    for (const answer of answers) await report(deps, account, pools, answer);
    await reportTimes(deps, pools, tookMs);
  }
}

function isShortFault(error: unknown): boolean {
  return error instanceof SourceError && error.failure.kind === 'transient';
}

function toSettings(pool: PoolState, nowMs: number): PoolSettings {
  const { pausedForMs, pauseReason, responses: times, ...settings } = pool;
  const responses = times !== null && times.ageMs <= RESPONSES_FRESH_MS ? times : null;
  return { ...settings, responses, pausedUntil: pausedForMs === null ? null : new Date(nowMs + pausedForMs) };
}

/** Stores what the answer told about the budgets, when it is news. Steering by it is the limiter's part. */
async function report(
  deps: CallDependencies,
  { connector, config }: Account,
  pools: readonly PoolState[],
  answer: SourceAnswer,
): Promise<void> {
  const news = (connector.usage?.(answer, config) ?? []).filter((usage) => {
    const known = pools.find((pool) => pool.pool === usage.pool)?.usedShare ?? null;
    return usage.pauseForMs !== null || known === null || Math.abs(usage.usedShare - known) >= SHARE_STEP;
  });
  await reportUsage(deps.db, news, 'usage reported by the source');
  for (const { pool, pauseForMs } of news) {
    if (pauseForMs === null) continue;
    deps.events.emit('pool.paused', { pool, reason: 'usage', untilMs: deps.now() + pauseForMs });
  }
}

/** Stores how long the source took to answer, for those pools to which it is news. */
async function reportTimes(
  deps: CallDependencies,
  pools: readonly PoolState[],
  tookMs: readonly number[],
): Promise<void> {
  const news = pools.filter(({ responses }) => {
    const ageMs = responses?.ageMs ?? 0;
    return isResponseNews(responses, observeResponses(responses, tookMs, ageMs), ageMs);
  });
  await reportResponseTimes(
    deps.db,
    news.map(({ pool }) => pool),
    tookMs,
  );
}

/** Pauses a budget the source refused to serve. */
export async function pauseBudget(
  deps: Pick<CallDependencies, 'db' | 'events' | 'now'>,
  pause: { pool: string; forMs: number },
): Promise<void> {
  await pausePool(deps.db, { ...pause, reason: 'refused by the source' });
  deps.events.emit('pool.paused', { pool: pause.pool, reason: 'refused', untilMs: deps.now() + pause.forMs });
}
