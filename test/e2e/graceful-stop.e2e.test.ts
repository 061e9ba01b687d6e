import { afterEach, expect, test } from '@jest/globals';
import { ADMIN_KEY, type ApiClient, apiClient, expectAnswer } from '../support/engine/api-client.ts';
import { startServices } from '../support/engine/backends.ts';
import { openScene, type Scene, type SceneOptions, type StagedPage } from '../support/engine/scene.ts';
import { countReadAgain } from '../support/engine/served-calls.ts';
import { engineVariables } from '../support/engine/settings.ts';
import { loggedEvents } from '../support/engine/worker-process.ts';
import { eventually } from '../support/eventually.ts';
import { findFreePort } from '../support/free-port.ts';
import { type Program, startProgram } from '../support/processes.ts';

const PAGE = { conversations: 24, messages: 300, connect: { pageSize: 3, messagesPerConversation: 10 } };
/** After 9.5 s the program gives up by itself and ends with 1: that it ends with 0 is the promise. */
const STOPPED = { code: 0, signal: null };

/** Nobody is taken for dead because the machine is slow; who stops gives its pages back by itself. */
const PATIENT_SWEEP = '60';
/** For a machine that does ten other things. */
const SLOW_MS = 120_000;
const PATIENTLY = { timeoutMs: SLOW_MS };

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

/** The program as it is run in production. */
async function start(role: 'api' | 'worker', scene: Scene, variables = {}): Promise<Program> {
  const program = await startProgram('apps/cli/src/main.ts', {
    args: ['start', role],
    env: engineVariables(scene.engine.addresses, variables),
  });
  closing.push(program.kill);
  await program.waitForLine(/"msg":"started"/, PATIENTLY);
  return program;
}

async function startApi(scene: Scene): Promise<{ program: Program; client: ApiClient }> {
  const port = await findFreePort();
  const program = await start('api', scene, { PORT: String(port), TIDEMARK_ADMIN_KEY: ADMIN_KEY });
  return { program, client: apiClient(`http://127.0.0.1:${port}`) };
}

async function startSync(client: ApiClient, { connectionId }: StagedPage): Promise<string> {
  const sync = await expectAnswer(client, 202, 'POST', `/v1/connections/${connectionId}/syncs`, {});
  return String(sync.id);
}

/** Fewer places than syncs, so that each worker has something to do. */
const startWorker = (scene: Scene) =>
  start('worker', scene, { WORKER_CONCURRENCY: '2', SWEEP_SECONDS: PATIENT_SWEEP });

const committedBy = (worker: Program) => loggedEvents(worker, 'page.committed').length;

/** Starts these syncs; they are more than the other worker has places, so that this one has to commit some of it. */
async function giveWork(worker: Program, startAll: () => Promise<string[]>): Promise<string[]> {
  const before = committedBy(worker);
  const syncs = await startAll();
  await eventually(() => expect(committedBy(worker)).toBeGreaterThan(before), PATIENTLY);
  return syncs;
}

test(
  'E4 SIGTERM under load: no page is lost or done twice, and each program ends with 0',
  async () => {
    const scene = await open({ source: { latency: { ms: 40 } } });
    const { program: api, client } = await startApi(scene);
    const pages: StagedPage[] = [];
    for (let index = 0; index < 8; index += 1) pages.push(await scene.addPage(PAGE));
    const startAll = (some: StagedPage[]) => Promise.all(some.map((page) => startSync(client, page)));
    const [first, second] = await Promise.all([startWorker(scene), startWorker(scene)]);

    const syncs = await giveWork(first, () => startAll(pages.slice(0, 3)));
    first.signal('SIGTERM');
    syncs.push(...(await startAll(pages.slice(3, 4))));
    expect(await first.waitForExit(PATIENTLY)).toEqual(STOPPED);

    const third = await startWorker(scene);
    syncs.push(...(await giveWork(second, () => startAll(pages.slice(4, 7)))));
    second.signal('SIGTERM');
    const started = startAll(pages.slice(7));
    expect(await second.waitForExit(PATIENTLY)).toEqual(STOPPED);
    syncs.push(...(await started));

    api.signal('SIGTERM');
    expect(await api.waitForExit(PATIENTLY)).toEqual(STOPPED);

    for (const syncId of syncs) await scene.engine.completed(syncId, SLOW_MS);
    for (const [index, page] of pages.entries()) {
      expect(await scene.problemsOf(page, syncs[index] ?? '')).toEqual([]);
    }
    expect(countReadAgain(scene.source.ledger.calls())).toBe(0);
    third.signal('SIGTERM');
    expect(await third.waitForExit(PATIENTLY)).toEqual(STOPPED);
  },
  2 * SLOW_MS,
);
