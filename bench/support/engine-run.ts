import { type Engine, openEngine, type PageToConnect } from '../../test/support/engine/engine.ts';
import { startWorkerProcess, USAGE_EVENT } from '../../test/support/engine/worker-process.ts';
import type { Program } from '../../test/support/processes.ts';
import { startProgram } from './processes.ts';

/** What a worker process used of the machine, as it tells it. */
export interface WorkerUsage {
  cpuMs: number;
  /** Resident memory now, after a collection, and the most it ever was. */
  rssKb: number;
  rssMaxKb: number;
}

export interface EngineRun {
  /** From the first sync's start to the last one's end, by the database's clock. */
  seconds: number;
  events: number;
  conversations: number;
  pages: number;
  /** CPU time of the worker process during the run. */
  cpuSeconds: number;
  usage: WorkerUsage;
}

/** Syncs these Pages at the same time through one real worker process. */
export async function runEngine(
  addresses: { databaseUrl: string; redisUrl: string; graphUrl: string },
  pages: readonly PageToConnect[],
): Promise<EngineRun> {
  const engine = await openEngine(addresses);
  const worker = await startWorkerProcess(startProgram, addresses, { variables: { SWEEP_SECONDS: '5' } });
  try {
    const connections = await Promise.all(pages.map((page) => engine.connect(page)));
    const before = await usageOf(worker);
    const syncs = await Promise.all(connections.map((connectionId) => engine.startSync(connectionId)));
    await Promise.all(syncs.map((syncId) => engine.completed(syncId, 600_000)));
    const usage = await usageOf(worker);
    return { ...(await figuresOf(engine)), cpuSeconds: (usage.cpuMs - before.cpuMs) / 1_000, usage };
  } finally {
    await worker.stop();
    await engine.close();
  }
}

export async function usageOf(worker: Program): Promise<WorkerUsage> {
  const from = worker.lines.length;
  worker.signal('SIGUSR2');
  return JSON.parse(await worker.waitForLine((line) => line.includes(USAGE_EVENT), { from }));
}

async function figuresOf(engine: Engine): Promise<Omit<EngineRun, 'cpuSeconds' | 'usage'>> {
  const [row] = await engine.db.sql<Omit<EngineRun, 'cpuSeconds' | 'usage'>[]>`
    SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 AS seconds,
           sum(page_count)::int AS pages,
           (SELECT count(*)::int FROM contact_interaction_events) AS events,
           (SELECT count(*)::int FROM messenger_conversations) AS conversations
    FROM syncs`;
  if (row === undefined) throw new Error('there is no sync');
  return { ...row };
}
