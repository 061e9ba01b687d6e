import { afterEach, expect, test } from '@jest/globals';
import { updateLimitPool } from '@tidemark/db';
import { createManualClock } from '@tidemark/sandbox';
import { startServices } from '../support/engine/backends.ts';
import { startLocalWorker } from '../support/engine/local-worker.ts';
import { openScene, type Scene, type SceneOptions, type StagedPage } from '../support/engine/scene.ts';
import { eventually } from '../support/eventually.ts';

const SMALL = { conversations: 6, messages: 40, connect: { pageSize: 3, messagesPerConversation: 10 } };
/** For a machine that does ten other things. */
const SLOW_MS = 240_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options?: SceneOptions): Promise<Scene> {
  const services = await startServices('redis');
  closing.push(services.end);
  const scene = await openScene(services, options);
  closing.push(scene.close);
  return scene;
}

/** Works on one page at a time. */
async function startWorker(scene: Scene): Promise<void> {
  const worker = await startLocalWorker(scene.engine.addresses, {
    variables: { WORKER_CONCURRENCY: '1', SWEEP_SECONDS: '60' },
  });
  closing.push(worker.stop);
}

async function liftPause({ engine }: Scene, { pageId, connectionId }: StagedPage): Promise<void> {
  const [row] = await engine.db.sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM connections WHERE id = ${connectionId}`;
  const target = { tenantId: row?.tenantId ?? '', pool: `messenger:page:${pageId}` };
  expect(await updateLimitPool(engine.db, target, { pausedUntil: null })).toBe(true);
}

test(
  'E18 E2 while one budget is exhausted, twenty other connections sync to their end on the same workers',
  async () => {
    const scene = await open();
    const { engine, source } = scene;
    const paused = await scene.addPage(SMALL);
    const others: StagedPage[] = [];
    for (let index = 0; index < 20; index += 1) others.push(await scene.addPage(SMALL));
    await Promise.all([startWorker(scene), startWorker(scene)]);

    source.faults.add({
      fault: { type: 'throttle', code: 80006, minutes: 60 },
      when: { pageId: paused.pageId },
      after: 1,
      count: 1,
    });
    const waiting = await engine.startSync(paused.connectionId);
    await eventually(
      async () => expect((await engine.sync(waiting)).nextRunInMs ?? 0).toBeGreaterThan(60_000),
      { timeoutMs: SLOW_MS },
    );
    const callsBefore = source.ledger.calls({ pageId: paused.pageId }).length;

    // Each worker has one place, and none of the two is taken by who waits.
    const syncs = await Promise.all(others.map(({ connectionId }) => engine.startSync(connectionId)));
    for (const syncId of syncs) await engine.completed(syncId, SLOW_MS);
    expect(await engine.sync(waiting)).toMatchObject({ status: 'running', seq: 1, attempt: 1 });
    expect(source.ledger.calls({ pageId: paused.pageId })).toHaveLength(callsBefore);
    expect(await engine.db.sql`SELECT key FROM sync_locks`).toEqual([]);

    source.clock.advance(60 * 60_000);
    await liftPause(scene, paused);
    await engine.completed(waiting, SLOW_MS);
    expect(await scene.problemsOf(paused, waiting)).toEqual([]);
    for (const { pageId } of others) expect(await scene.differencesOf(pageId)).toEqual([]);
  },
  2 * SLOW_MS,
);

const BUDGET = { calls: 60, windowMs: 4_000 };
/** Unsteered, its pool spends the budget of four seconds in two. */
const SPENDING = {
  conversations: 90,
  messages: 300,
  longThreads: 0,
  connect: { pageSize: 1, messagesPerConversation: 20, pagePool: { maxCalls: 30, perSeconds: 1 } },
};
/** Which of the calls so far were refused, in their order. */
const refusedCalls = ({ source }: Scene): boolean[] =>
  source.ledger.calls().map(({ status, errorCode }) => status !== 200 || errorCode !== null);

test(
  'M10 E19 steered by the usage headers a whole backfill is never refused',
  async () => {
    const scene = await open({ source: { usage: { messenger: BUDGET } } });
    const page = await scene.addPage(SPENDING);
    await startWorker(scene);
    const syncId = await scene.engine.startSync(page.connectionId);
    await scene.engine.completed(syncId, SLOW_MS);

    const calls = scene.source.ledger.calls();
    expect(calls.length).toBeGreaterThan(BUDGET.calls);
    expect(refusedCalls(scene)).not.toContain(true);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);
    expect(await scene.engine.sync(syncId)).toMatchObject({ attempt: 1, apiCalls: calls.length });
  },
  2 * SLOW_MS,
);

test(
  'without headers the same budget is spent to its end and the next call refused: they are what steers a pool',
  async () => {
    // A clock that stands still: the budget does not come back while a slow machine spends it.
    const clock = createManualClock(Date.parse('2026-07-01T00:00:00Z'));
    const scene = await open({ source: { usage: { custom: BUDGET }, clock } });
    const page = await scene.addPage(SPENDING);
    await startWorker(scene);
    const syncId = await scene.engine.startSync(page.connectionId);
    const refused = await eventually(
      () => {
        const index = refusedCalls(scene).indexOf(true);
        if (index === -1) throw new Error('no call was refused');
        return index;
      },
      { timeoutMs: SLOW_MS },
    );
    expect(refused).toBe(BUDGET.calls);
    expect(await scene.engine.sync(syncId)).toMatchObject({ status: 'running', attempt: 1 });
  },
  2 * SLOW_MS,
);
