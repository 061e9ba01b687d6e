import { afterEach, expect, test } from '@jest/globals';
import type { CallRecord } from '@tidemark/sandbox';
import { startServices } from '../support/engine/backends.ts';
import { openScene } from '../support/engine/scene.ts';
import { startWorkerProcess } from '../support/engine/worker-process.ts';
import { eventually } from '../support/eventually.ts';
import { bookedAhead, callsWithoutSlot, mostInWindow, watchLimiterSlots } from '../support/limiter-slots.ts';
import { startProgram } from '../support/processes.ts';

const WORKERS = 4;
const PAGES = 8;
/** 40 calls in any 2 seconds, for all Pages together: 52 ms apart, which spends 96 % of it. */
const BUDGET = { maxCalls: 40, perSeconds: 2 };
const WINDOW_MS = BUDGET.perSeconds * 1_000;
/** About a hundred calls: the run takes about five seconds at the full rate. */
const PAGE = { conversations: 30, messages: 180, longThreads: 0 };
const CONNECT = { pageSize: 5, messagesPerConversation: 10, appPool: BUDGET };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('E18 four workers that sync eight Pages share one budget: never more, and no gaps while it is asked for', async () => {
  const services = await startServices('redis');
  closing.push(services.end);
  const scene = await openScene(services);
  closing.push(scene.close);
  const { engine, source } = scene;
  const pages = await Promise.all(
    Array.from({ length: PAGES }, () => scene.addPage({ ...PAGE, connect: CONNECT })),
  );
  const slots = await watchLimiterSlots(services.redisUrl ?? '', 'messenger:app');
  closing.push(slots.close);
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => startWorkerProcess(startProgram, engine.addresses)),
  );
  closing.push(...workers.map((worker) => worker.kill));
  const syncs = await Promise.all(pages.map((page) => engine.startSync(page.connectionId)));
  for (const syncId of syncs) await engine.completed(syncId);

  for (const { pageId } of pages) expect(await scene.differencesOf(pageId)).toEqual([]);
  const calls = source.ledger.calls().map(({ at }) => at);
  process.stdout.write(`calls in each 2 seconds: ${fullWindows(source.ledger.calls()).join(' ')}\n`);
  // When a call arrives depends on the machine. When it is allowed does not: no window of slots holds more than the
  // budget, and each call has a slot of its own.
  // Redis tells of the slots in its own time.
  await eventually(() => expect(slots.booked.length).toBeGreaterThanOrEqual(calls.length));
  const due = slots.booked.map(({ dueAt }) => dueAt);
  expect(mostInWindow(due, WINDOW_MS)).toBeLessThanOrEqual(BUDGET.maxCalls);
  expect(callsWithoutSlot(calls, slots.booked)).toEqual([]);
  const idleMs = bookedAhead(slots.booked).map(({ dueAt, soonestAt }) => dueAt - soonestAt);
  expect(Math.max(0, ...idleMs)).toBeLessThanOrEqual(1);
});

/** Calls in each window between the first of the run and the last one: a figure for people, as it depends on the machine. */
function fullWindows(calls: readonly CallRecord[]): number[] {
  const from = (calls.at(0)?.at ?? 0) + WINDOW_MS;
  const until = (calls.at(-1)?.at ?? 0) - WINDOW_MS;
  return Array.from({ length: Math.max(0, Math.floor((until - from) / WINDOW_MS)) }, (_, index) => {
    const start = from + index * WINDOW_MS;
    return calls.filter(({ at }) => at >= start && at < start + WINDOW_MS).length;
  });
}
