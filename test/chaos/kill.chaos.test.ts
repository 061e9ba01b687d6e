/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { CRASH_POINTS, type CrashPoint } from '@tidemark/core/crash';
import { createRandom } from '@tidemark/sandbox';
import { BACKENDS, type BackendName, startServices } from '../support/engine/backends.ts';
import { openScene, type Scene } from '../support/engine/scene.ts';
import { placeOf, readAgain } from '../support/engine/served-calls.ts';
import { chaosSeed, killAtRandom } from '../support/engine/random-kills.ts';
import { leasesGiven } from '../support/engine/sync-row.ts';
import { startWorkerProcess } from '../support/engine/worker-process.ts';
import { QUICK_RECOVERY } from '../support/engine/settings.ts';
import { type Program, startProgram } from '../support/processes.ts';

const PAGE = {
  conversations: 30,
  messages: 450,
  longThreads: 0,
  odd: true,
  connect: { pageSize: 5, messagesPerConversation: 10 },
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openStageWithoutWorker(backend: BackendName, seed: string): Promise<Scene> {
  const services = await startServices(backend);
  closing.push(services.end);
  const scene = await openScene(services, { source: { seed } });
  closing.push(scene.close);
  return scene;
}

async function launch(scene: Scene, plan?: Parameters<typeof startWorkerProcess>[2]): Promise<Program> {
  const options = { variables: QUICK_RECOVERY, ...plan };
  const program = await startWorkerProcess(startProgram, scene.engine.addresses, options);
  closing.push(program.kill);
  return program;
}

/** A page is read again only when its reader died between the answer and the commit. */
const READ_AGAIN: Readonly<Record<CrashPoint, boolean>> = {
  afterClaim: false,
  beforeFetch: false,
  afterFetch: true,
  insideCommit: true,
  afterCommitBeforeEnqueue: false,
  afterEnqueueBeforeAck: false,
};

describe.each(BACKENDS)('workers killed, the queue in %s', (backend) => {
  test('E4 a worker killed at every named point in turn costs at most the page in flight', async () => {
    const scene = await openStageWithoutWorker(backend, 'kill');
    const page = await scene.addPage(PAGE);
    const syncId = await scene.engine.startSync(page.connectionId);
    const kills = CRASH_POINTS.map((point, index) => ({ point, seq: 2 * index }));
    for (const at of kills) {
      const worker = await launch(scene, { plan: { signal: 'SIGKILL', at } });
      expect({ at, ...(await worker.waitForExit()) }).toEqual({ at, code: null, signal: 'SIGKILL' });
    }
    await launch(scene);
    await scene.engine.completed(syncId);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);

    const calls = scene.source.ledger.calls();
    const places = [...new Set(calls.map(placeOf))];
    const wanted = kills
      .filter(({ point }) => READ_AGAIN[point])
      .map(({ seq }) => ({ place: places[seq], times: 2 }));
    expect(readAgain(calls)).toEqual(wanted);
  });

  test('E4 workers killed at random points: nothing is lost, nothing doubled', async () => {
    const seed = chaosSeed(`random kills ${backend}`);
    const scene = await openStageWithoutWorker(backend, seed);
    const page = await scene.addPage(PAGE);
    const syncId = await scene.engine.startSync(page.connectionId);
    const plans = await killAtRandom({
      random: createRandom(seed),
      kills: 4,
      workers: backend === 'redis' ? 2 : 1,
      launch: (plan) => launch(scene, { plan }),
      isOver: async () => (await scene.engine.sync(syncId)).status === 'completed',
    });
    await scene.engine.completed(syncId);
    expect({ seed, plans, problems: await scene.problemsOf(page, syncId) }).toEqual({
      seed,
      plans,
      problems: [],
    });
    // On a busy machine one may be taken for dead by the other, so deaths alone do not tell what may be read again.
    expect(scene.source.ledger.total).toBeLessThanOrEqual(await leasesGiven(scene.engine.db));
  });
});
