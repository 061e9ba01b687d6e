import { afterEach, describe, expect, test } from '@jest/globals';
import type { CallRecord } from '@tidemark/sandbox';
import { startServices, type TestServices } from '../support/engine/backends.ts';
import { openScene, type Scene } from '../support/engine/scene.ts';
import { countReadAgain, placeOf, readAgain } from '../support/engine/served-calls.ts';
import { leasesGiven } from '../support/engine/sync-row.ts';
import { loggedEvents, startWorkerProcess } from '../support/engine/worker-process.ts';
import { eventually } from '../support/eventually.ts';
import { QUICK_RECOVERY } from '../support/engine/settings.ts';
import { type Program, startProgram } from '../support/processes.ts';
import type { TestRedis } from '../support/redis.ts';

/** 40 conversations and further messages of most: about 45 pages. */
const PAGE = { conversations: 40, messages: 700, longThreads: 0 };
const CONNECT = { pageSize: 5, messagesPerConversation: 10 };
/** A rate that a sync without limits exceeds many times. */
const RATE = { maxCalls: 30, perSeconds: 2 };
const SPACING_MS = (RATE.perSeconds * 1_000) / RATE.maxCalls;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(): Promise<{ scene: Scene; redis: TestRedis }> {
  const services: TestServices = await startServices('redis');
  closing.push(services.end);
  const scene = await openScene(services);
  closing.push(scene.close);
  if (services.redis === undefined) throw new Error('there is no Redis');
  return { scene, redis: services.redis };
}

async function launch(scene: Scene, options?: Parameters<typeof startWorkerProcess>[2]): Promise<Program> {
  const variables = QUICK_RECOVERY;
  const program = await startWorkerProcess(startProgram, scene.engine.addresses, { variables, ...options });
  closing.push(program.kill);
  return program;
}

/** The places that were read, in the order of their first reading. */
function places(calls: readonly CallRecord[]): string[] {
  return [...new Set(calls.map(placeOf))];
}

/** Calls that came sooner after the start than the rate allows, however late others came. */
function earlyCalls(scene: Scene, startedAt: number): CallRecord[] {
  const calls = scene.source.ledger.calls();
  return calls.filter(({ at }, index) => at - startedAt < index * SPACING_MS);
}

describe('a Redis that loses everything', () => {
  test('E4 E18 after FLUSHALL in the middle a sync completes, and the rate holds', async () => {
    const { scene, redis } = await open();
    const page = await scene.addPage({ ...PAGE, connect: { ...CONNECT, pagePool: RATE } });
    await launch(scene);
    const startedAt = Date.now();
    const syncId = await scene.engine.startSync(page.connectionId);
    for (const seq of [8, 20]) {
      await scene.engine.reachedPage(syncId, seq);
      await redis.flush();
    }
    await scene.engine.completed(syncId);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);
    // FLUSHALL takes the limiter's books and the queue, but no page is under way without its lease.
    expect(countReadAgain(scene.source.ledger.calls())).toBe(0);
    expect(earlyCalls(scene, startedAt)).toEqual([]);
  });

  test('E4 E18 a Redis that is killed and comes back empty costs time and nothing else', async () => {
    const { scene, redis } = await open();
    const page = await scene.addPage({ ...PAGE, connect: { ...CONNECT, pagePool: RATE } });
    await launch(scene);
    const startedAt = Date.now();
    const syncId = await scene.engine.startSync(page.connectionId);
    await scene.engine.reachedPage(syncId, 10);
    await redis.kill();
    // Without the queue and the limiter nobody may call the source: what was under way ends, and then all is quiet.
    const calls = await quiet(scene);
    expect((await scene.engine.sync(syncId)).status).toBe('running');
    await redis.restart();
    await scene.engine.completed(syncId);
    expect(scene.source.ledger.total).toBeGreaterThan(calls);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);
    expect(countReadAgain(scene.source.ledger.calls())).toBeLessThanOrEqual(1);
    expect(earlyCalls(scene, startedAt)).toEqual([]);
  });

  /** Waits until no call arrived for a while; returns how many there were in all. */
  async function quiet(scene: Scene): Promise<number> {
    let [last, since] = [-1, 0];
    return await eventually(() => {
      const { total } = scene.source.ledger;
      if (total !== last) [last, since] = [total, Date.now()];
      if (Date.now() - since < 1_500) throw new Error(`${total} calls, the last one just now`);
      return total;
    });
  }
});

describe('a worker that stood still for longer than it may', () => {
  test('E20 I6 its page is taken up by another one, and its late write is fenced off', async () => {
    const { scene } = await open();
    const page = await scene.addPage({ ...PAGE, connect: CONNECT });
    const { engine, source } = scene;
    const syncId = await engine.startSync(page.connectionId);
    const at = { point: 'afterFetch', seq: 4 } as const;
    const sleeper = await launch(scene, { plan: { signal: 'SIGSTOP', at } });
    await eventually(() => expect(source.ledger.total).toBe(5));
    expect((await engine.sync(syncId)).seq).toBe(4);

    const other = await launch(scene);
    await engine.reachedPage(syncId, 8);
    sleeper.signal('SIGCONT');
    await sleeper.waitForLine((line) => line.includes('"page.superseded"'));
    expect(loggedEvents(sleeper, 'page.superseded')).toMatchObject([{ syncId, seq: 4, reason: 'lease' }]);

    await engine.completed(syncId);
    expect(loggedEvents(other, 'worker.lost').length).toBeGreaterThanOrEqual(1);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);
    const calls = source.ledger.calls();
    expect(readAgain(calls).map(({ place }) => place)).toContain(places(calls)[4]);
    // Both are awake now, and on a busy machine one may take the other for dead, or PostgreSQL a commit for hung.
    expect(calls.length).toBeLessThanOrEqual(await leasesGiven(engine.db));
  });

  test('E20 E4 even in the middle of its transaction it does not hold up the others', async () => {
    const { scene } = await open();
    const page = await scene.addPage({ ...PAGE, connect: CONNECT });
    const { engine, source } = scene;
    const syncId = await engine.startSync(page.connectionId);
    const at = { point: 'insideCommit', seq: 4 } as const;
    const sleeper = await launch(scene, { plan: { signal: 'SIGSTOP', at } });
    await eventually(() => expect(source.ledger.total).toBe(5));
    await launch(scene);
    await engine.reachedPage(syncId, 8);
    sleeper.signal('SIGCONT');
    await engine.completed(syncId);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);
  });
});
