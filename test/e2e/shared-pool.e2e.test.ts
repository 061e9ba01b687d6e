import { afterEach, expect, test } from '@jest/globals';
import type { CallRecord } from '@tidemark/sandbox';
import { startServices } from '../support/engine/backends.ts';
import { openScene } from '../support/engine/scene.ts';
import { startWorkerProcess } from '../support/engine/worker-process.ts';
import { startProgram } from '../support/processes.ts';

const WORKERS = 4;
const PAGES = 8;
/** 20 calls in any 2 seconds, for all Pages together. */
const BUDGET = { maxCalls: 20, perSeconds: 2 };
const WINDOW_MS = BUDGET.perSeconds * 1_000;
/** About 19 pages each: the run takes about 15 seconds at the full rate. */
const PAGE = { conversations: 45, messages: 300, longThreads: 0 };
const CONNECT = { pageSize: 5, messagesPerConversation: 10, appPool: BUDGET };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('E18 four workers that sync eight Pages share one budget: never more, and hardly less', async () => {
  const services = await startServices('redis');
  closing.push(services.end);
  const scene = await openScene(services);
  closing.push(scene.close);
  const { engine, source } = scene;
  const pages = await Promise.all(
    Array.from({ length: PAGES }, () => scene.addPage({ ...PAGE, connect: CONNECT })),
  );
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => startWorkerProcess(startProgram, engine.addresses)),
  );
  closing.push(...workers.map((worker) => worker.kill));
  const syncs = await Promise.all(pages.map((page) => engine.startSync(page.connectionId)));
  for (const syncId of syncs) await engine.completed(syncId);

  for (const { pageId } of pages) expect(await scene.differencesOf(pageId)).toEqual([]);
  const calls = source.ledger.calls();
  expect(source.ledger.maxInWindow(WINDOW_MS)).toBeLessThanOrEqual(BUDGET.maxCalls);
  const windows = fullWindows(calls);
  process.stdout.write(`calls in each 2 seconds: ${windows.join(' ')}\n`);
  expect(windows.length).toBeGreaterThanOrEqual(5);
  expect(median(windows)).toBeGreaterThanOrEqual(0.95 * BUDGET.maxCalls);
});

/**
 * Calls in each window between the first of the run and the last one. A slot that nobody is on time for is lost, so on
 * a machine that is busy with other things some windows are not full: the median tells what the limiter does.
 */
function fullWindows(calls: readonly CallRecord[]): number[] {
  const from = (calls.at(0)?.at ?? 0) + WINDOW_MS;
  const until = (calls.at(-1)?.at ?? 0) - WINDOW_MS;
  return Array.from({ length: Math.floor((until - from) / WINDOW_MS) }, (_, index) => {
    const start = from + index * WINDOW_MS;
    return calls.filter(({ at }) => at >= start && at < start + WINDOW_MS).length;
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
