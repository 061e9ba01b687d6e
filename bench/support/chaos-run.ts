import { Redis } from 'ioredis';
import { type CrashPlan, describePlan } from '../../test/support/engine/crash-plan.ts';
import { eventually } from '../../test/support/eventually.ts';
import { openScene, type Scene, type StagedPage } from '../../test/support/engine/scene.ts';
import { countReadAgain } from '../../test/support/engine/served-calls.ts';
import { startWorkerProcess, struck } from '../../test/support/engine/worker-process.ts';
import type { Program } from '../../test/support/processes.ts';
import type { ChaosPlan, Disturbance } from './chaos-plan.ts';
import { startProgram } from './processes.ts';
import type { BenchServices } from './services.ts';

export interface Verdict {
  /** What is wrong at the end; nothing, if all is well. */
  problems: string[];
  /** What happened to the machinery, in words. */
  happened: string[];
  pages: number;
  readAgain: number;
}

const TIMEOUT_MS = 120_000;

/** Runs one sync through everything the plan holds, and judges what it stored. */
export async function runChaos(plan: ChaosPlan, services: BenchServices): Promise<Verdict> {
  const databaseUrl = await services.createDatabase();
  const redis = plan.backend === 'redis' ? { redisUrl: services.redisUrl } : {};
  if (plan.backend === 'redis') await flush(services.redisUrl);
  const scene = await openScene(
    { databaseUrl, ...redis },
    { source: { seed: plan.seed, latency: { ms: plan.latencyMs }, behaviour: { maxRows: plan.maxRows } } },
  );
  const crew = new Crew(scene, plan.crashes);
  const happened: string[] = [];
  try {
    const page = await scene.addPage({ ...plan.page, connect: plan.connect });
    for (const fault of plan.faults) scene.source.faults.add(fault);
    const syncId = await scene.engine.startSync(page.connectionId);
    crew.keepAlive(plan.workers);
    const disturbing = disturb(plan, scene, syncId, services, happened);
    await crew.attend(syncId);
    await disturbing;
    scene.source.faults.clear();
    const problems = [...(await judge(scene, page, syncId, plan)), ...crew.complaints];
    const readAgain = countReadAgain(scene.source.ledger.calls());
    const disturbances = crew.signals.length + happened.length;
    if (readAgain > disturbances)
      problems.push(`${readAgain} pages read again after ${disturbances} disturbances`);
    const { pageCount } = await scene.engine.sync(syncId);
    return { problems, happened: [...crew.signals, ...happened], pages: pageCount, readAgain };
  } finally {
    await crew.dismiss();
    await scene.close();
  }
}

async function judge(scene: Scene, page: StagedPage, syncId: string, plan: ChaosPlan): Promise<string[]> {
  const problems = await scene.problemsOf(page, syncId);
  const { maxCalls, perSeconds } = plan.connect.pagePool;
  const most = scene.source.ledger.maxInWindow(perSeconds * 1_000);
  if (most > maxCalls) problems.push(`${most} calls in ${perSeconds} s, allowed are ${maxCalls}`);
  return problems;
}

/** Carries out the disturbances, each when the sync has come as far as it says; what comes too late is left out. */
async function disturb(
  plan: ChaosPlan,
  { engine }: Scene,
  syncId: string,
  services: BenchServices,
  happened: string[],
): Promise<void> {
  for (const disturbance of plan.disturbances) {
    const sync = await eventually(
      async () => {
        const now = await engine.sync(syncId);
        if (now.status === 'running' && now.seq < disturbance.seq) throw new Error(`page ${now.seq}`);
        if (now.status === 'queued') throw new Error('queued');
        return now;
      },
      { timeoutMs: TIMEOUT_MS, intervalMs: 10 },
    );
    if (sync.status !== 'running') return;
    happened.push(`${disturbance.kind} at page ${sync.seq}`);
    await carryOut(disturbance, services);
  }
}

async function carryOut(disturbance: Disturbance, services: BenchServices): Promise<void> {
  switch (disturbance.kind) {
    case 'flush-redis':
      return await flush(services.redisUrl);
    case 'restart-redis':
      return await services.restartRedis();
    case 'restart-postgres':
      return await services.restartPostgres(disturbance.mode);
  }
}

async function flush(redisUrl: string): Promise<void> {
  const client = new Redis(redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true });
  try {
    await client.flushall();
  } finally {
    client.disconnect();
  }
}

/** The workers of a run: those that die are replaced, those that stand still are woken up later. */
class Crew {
  /** What hit them, in words. */
  readonly signals: string[] = [];
  /** Workers that ended although nobody told them to. */
  readonly complaints: string[] = [];
  readonly #scene: Scene;
  readonly #crashes: CrashPlan[];
  readonly #alive = new Set<Program>();
  readonly #keeping: Promise<void>[] = [];
  readonly #over = new AbortController();

  constructor(scene: Scene, crashes: readonly CrashPlan[]) {
    this.#scene = scene;
    this.#crashes = [...crashes];
  }

  keepAlive(workers: number): void {
    for (let place = 0; place < workers; place += 1) this.#keeping.push(this.#keepOne());
  }

  /** Waits for the end of the sync, and wakes up who stands still once the others are some pages further. */
  async attend(syncId: string): Promise<void> {
    const until = Date.now() + TIMEOUT_MS;
    const { engine } = this.#scene;
    for (;;) {
      const ended = await engine.ended(syncId, 200).catch(() => undefined);
      const now = ended ?? (await engine.sync(syncId).catch(() => undefined));
      this.#wake(ended === undefined ? (now?.seq ?? 0) : Number.POSITIVE_INFINITY);
      if (ended?.status === 'completed') return;
      if (ended !== undefined) throw new Error(`the sync ended as ${ended.status}: ${ended.errorMessage}`);
      if (Date.now() > until) throw new Error(`the sync hangs: ${JSON.stringify(now)}`);
    }
  }

  async dismiss(): Promise<void> {
    this.#over.abort();
    await Promise.all([...this.#alive].map((program) => program.kill()));
    await Promise.all(this.#keeping);
  }

  #wake(seq: number): void {
    for (const program of this.#alive) {
      const hit = struck(program);
      if (hit !== undefined && hit.plan.signal === 'SIGSTOP' && seq >= hit.at + 3) program.signal('SIGCONT');
    }
  }

  async #keepOne(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const program = await this.#launch(this.#crashes.shift());
      if (program === undefined) continue;
      this.#alive.add(program);
      if (this.#over.signal.aborted) program.signal('SIGKILL');
      await program.waitForExit({ timeoutMs: 3 * TIMEOUT_MS }).catch(() => undefined);
      this.#alive.delete(program);
      const hit = struck(program);
      if (hit !== undefined) this.signals.push(`${describePlan(hit.plan)} (page ${hit.at})`);
      if (hit === undefined && !this.#over.signal.aborted) {
        this.complaints.push(`a worker ended by itself: ${program.lines.slice(-5).join(' | ')}`);
      }
    }
  }

  /** A worker that is started while PostgreSQL is down says so and ends: whoever runs it starts it again. */
  async #launch(plan: CrashPlan | undefined): Promise<Program | undefined> {
    try {
      return await startWorkerProcess(startProgram, this.#scene.engine.addresses, { plan });
    } catch (error) {
      if (plan !== undefined) this.#crashes.unshift(plan);
      const isAway = /57P0|ECONN|CONNECT|terminating/.test(String(error));
      if (!isAway) this.complaints.push(`a worker did not start: ${String(error)}`);
      return undefined;
    }
  }
}
