/**
 * One process of several that share a pool: calls a server as fast as the limiter lets it, or holds what it gets.
 * Arguments: mode (`spend` or `hold`), Redis, prefix, pool, calls, seconds, calls at once (0 for any), port, callers.
 */
import http from 'node:http';
import { until } from '../../../../test/support/eventually.ts';
import { createRateLimiter } from '../../src/limiter/index.ts';

const [mode = '', redisUrl = '', prefix = '', pool = '', ...numbers] = process.argv.slice(2);
const [maxCalls = 1, perSeconds = 1, maxConcurrent = 0, port = 0, callers = 1] = numbers.map(Number);
const silent = () => undefined;
const limiter = createRateLimiter({
  redisUrl,
  prefix,
  now: Date.now,
  logger: { info: silent, warn: silent },
  callTimeoutMs: 500,
});
const settings = {
  pool,
  maxCalls,
  perSeconds,
  maxConcurrent: maxConcurrent === 0 ? null : maxConcurrent,
  usedShare: null,
  pausedUntil: null,
};
const agent = new http.Agent({ keepAlive: true });
const { signal } = new AbortController();

async function call(path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const request = http.get({ port, agent, path }, (response) => {
    response.resume();
    response.once('close', () => resolve());
  });
  request.once('error', () => resolve());
  await promise;
}

async function caller(): Promise<never> {
  for (;;) {
    const ticket = await limiter.acquire([settings], { maxWaitMs: 1_000, signal });
    if (!ticket.granted) {
      // A queue is late too.
      await until(ticket.retryAt.getTime() + 100 * Math.random());
    } else if (mode === 'hold') {
      process.stdout.write('holding\n');
    } else {
      await call('/');
      ticket.release();
    }
  }
}

// A first request takes far longer on its way than those that follow.
if (mode === 'spend') {
  await call('/warm-up');
}
await Promise.all(Array.from({ length: callers }, caller));
