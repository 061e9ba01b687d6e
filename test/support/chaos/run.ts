import { Redis } from 'ioredis';
import { openScene, type Scene, type StagedPage } from '../engine/scene.ts';
import { countReadAgain } from '../engine/served-calls.ts';
import type { StartProgram } from '../engine/worker-process.ts';
import { eventually } from '../eventually.ts';
import { Crew } from './crew.ts';
import { type ChaosPlan, type Disturbance, THROTTLED } from './plan.ts';

/** What chaos needs of the machine, and may break. */
export interface ChaosServices {
  redisUrl: string;
  /** Redis dies and comes back empty. */
  restartRedis(): Promise<void>;
  /** `fast` ends sessions in order, `immediate` drops them and makes the next start recover. */
  restartPostgres(mode: 'fast' | 'immediate'): Promise<void>;
  /** A migrated, empty database. */
  createDatabase(): Promise<string>;
  startProgram: StartProgram;
}

export interface Verdict {
  /** What is wrong at the end; nothing, if all is well. */
  problems: string[];
  /** What happened to the machinery, in words. */
  happened: string[];
  pages: number;
  readAgain: number;
}

const TIMEOUT_MS = 300_000;

/** Runs one sync through everything the plan holds, and judges what it stored. */
export async function runChaos(plan: ChaosPlan, services: ChaosServices): Promise<Verdict> {
  const databaseUrl = await services.createDatabase();
  const redis = plan.backend === 'redis' ? { redisUrl: services.redisUrl } : {};
  if (plan.backend === 'redis') await flush(services.redisUrl);
  const scene = await openScene(
    { databaseUrl, ...redis },
    { source: { seed: plan.seed, latency: { ms: plan.latencyMs }, behaviour: { maxRows: plan.maxRows } } },
  );
  const crew = new Crew(scene, services.startProgram, plan);
  const happened: string[] = [];
  try {
    const page = await scene.addPage({ ...plan.page, connect: plan.connect });
    for (const fault of plan.faults) scene.source.faults.add(fault);
    const syncId = await scene.engine.startSync(page.connectionId);
    crew.keepAlive(plan.workers);
    await Promise.all([crew.attend(syncId), disturb(plan, scene, syncId, services, happened)]);
    scene.source.faults.clear();
    const problems = [...(await judge(scene, page, syncId, plan)), ...crew.complaints];
    const readAgain = countReadAgain(scene.source.ledger.calls());
    const disturbances = crew.struck.length + happened.length;
    if (readAgain > disturbances)
      problems.push(`${readAgain} pages read again after ${disturbances} disturbances`);
    const { pageCount } = await scene.engine.sync(syncId);
    return {
      problems,
      happened: [...crew.struck, ...crew.clockSteps, ...happened],
      pages: pageCount,
      readAgain,
    };
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
  scene: Scene,
  syncId: string,
  services: ChaosServices,
  happened: string[],
): Promise<void> {
  for (const disturbance of plan.disturbances) {
    const sync = await eventually(
      async () => {
        const now = await scene.engine.sync(syncId);
        if (now.status === 'running' && now.seq < disturbance.seq) throw new Error(`page ${now.seq}`);
        if (now.status === 'queued') throw new Error('queued');
        return now;
      },
      { timeoutMs: TIMEOUT_MS, intervalMs: 10 },
    );
    if (sync.status !== 'running') return;
    happened.push(`${disturbance.kind} at page ${sync.seq}`);
    await carryOut(disturbance, scene, services);
  }
}

async function carryOut(
  disturbance: Disturbance,
  { engine, source }: Scene,
  services: ChaosServices,
): Promise<void> {
  switch (disturbance.kind) {
    case 'flush-redis':
      return await flush(services.redisUrl);
    case 'restart-redis':
      return await services.restartRedis();
    case 'restart-postgres':
      return await services.restartPostgres(disturbance.mode);
    case 'throttle-storm':
      source.faults.add({ fault: THROTTLED, count: disturbance.calls });
      return;
    case 'cut-sessions':
      await engine.db.sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'tidemark%'`;
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
