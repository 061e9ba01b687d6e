import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import {
  bookedAhead,
  callsWithoutSlot,
  type LimiterSlots,
  mostInWindow,
  watchLimiterSlots,
} from '../../../../test/support/limiter-slots.ts';
import { type Program, startProgram } from '../../../../test/support/processes.ts';
import { sharedRedisUrl } from '../../../../test/support/redis.ts';
import { Bench, poolOf } from './harness.ts';

const CHILD = 'apps/worker/test/limiter/limiter-child.ts';
/** 40 calls in 2 seconds lie 52 ms apart, so that 96 % of the budget can be spent. */
const [MAX_CALLS, PER_SECONDS] = [40, 2];
const WINDOW_MS = PER_SECONDS * 1_000;

const arrivals: number[] = [];
const server = http.createServer((request, response) => {
  if (request.url === '/') {
    arrivals.push(Date.now());
  }
  response.end();
});
let redisUrl = '';
let port = 0;

beforeAll(async () => {
  redisUrl = await sharedRedisUrl();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  arrivals.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const start = (
  mode: 'spend' | 'hold',
  prefix: string,
  pool: string,
  ...numbers: number[]
): Promise<Program> => startProgram(CHILD, { args: [mode, redisUrl, prefix, pool, ...numbers.map(String)] });

/** Four processes with so many callers each that spend one budget, and the slots they book. */
async function spenders(callers: number): Promise<{ processes: Program[]; slots: LimiterSlots }> {
  const [prefix, pool] = [`test-${randomUUID()}`, randomUUID()];
  const slots = await watchLimiterSlots(redisUrl, pool);
  const processes = await Promise.all(
    Array.from({ length: 4 }, () => start('spend', prefix, pool, MAX_CALLS, PER_SECONDS, 0, port, callers)),
  );
  return { processes, slots };
}

/**
 * When a call arrives depends on how long the machine stands still on the way; when it is allowed does not. So the
 * budget is compared with the slots, and each call with its slot.
 */
function expectBudgetToHold({ booked }: LimiterSlots): void {
  const due = booked.map(({ dueAt }) => dueAt);
  expect(mostInWindow(due, WINDOW_MS)).toBeLessThanOrEqual(MAX_CALLS);
  expect(callsWithoutSlot(arrivals, booked)).toEqual([]);
}

test('E18: four processes spend one budget without gaps, and never exceed it in any window', async () => {
  const { processes, slots } = await spenders(10);
  await eventually(() => expect(bookedAhead(slots.booked).length).toBeGreaterThanOrEqual(80));
  await eventually(() => expect(arrivals.length).toBeGreaterThanOrEqual(80));
  await Promise.all(processes.map((child) => child.kill()));
  slots.close();
  expectBudgetToHold(slots);
  const idleMs = bookedAhead(slots.booked).map(({ dueAt, soonestAt }) => dueAt - soonestAt);
  expect(Math.max(...idleMs)).toBeLessThanOrEqual(1);
});

test('E4: the rate holds over a process that is killed, and one that stands still for a while', async () => {
  const { processes, slots } = await spenders(5);
  const [killed, stopped, ...others] = processes;
  const reached = (calls: number): Promise<void> =>
    eventually(() => expect(arrivals.length).toBeGreaterThanOrEqual(calls));
  await reached(20);
  stopped?.signal('SIGSTOP');
  await reached(40);
  await killed?.kill();
  await reached(60);
  stopped?.signal('SIGCONT');
  await reached(100);
  await Promise.all([stopped, ...others].map((child) => child?.kill()));
  slots.close();
  expectBudgetToHold(slots);
});

test('E4: what a killed process held comes free', async () => {
  const prefix = `test-${randomUUID()}`;
  const pool = poolOf({ pool: 'held', maxCalls: 100, perSeconds: 1, maxConcurrent: 3 });
  const holder = await start('hold', prefix, 'held', 100, 1, 3, port, 3);
  await eventually(() => expect(holder.lines.filter((line) => line === 'holding')).toHaveLength(3));
  const bench = new Bench({ redisUrl, prefix, callTimeoutMs: 500 });
  await bench.refused(pool, 'concurrency');
  await holder.kill();
  await bench.hold(pool);
  await bench.limiter.stop();
});
