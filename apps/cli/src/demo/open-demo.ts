import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type PreparedDatabase, prepareDatabase } from '@tidemark/db';
import type { SpawnedSimulator } from '@tidemark/sandbox';
import { CommandError } from '../exit-codes.ts';
import { type ChildProgram, failure, launch } from './child-program.ts';
import type { Cleanup } from './cleanup.ts';
import { type DemoPage, simulatorArguments } from './demo-plan.ts';
import type { DemoSettings } from './demo-settings.ts';
import { keepWorker, type WorkerKeeper } from './worker-keeper.ts';

/** Everything that runs for the demo. */
export interface OpenDemo {
  databaseUrl: string;
  apiUrl: string;
  source: SpawnedSimulator;
  worker: WorkerKeeper;
  /** Settles only by failing: when something that has to run does not any more. */
  failed: Promise<never>;
}

export interface OpenDemoOptions {
  settings: DemoSettings;
  page: DemoPage;
  cleanup: Cleanup;
  /** Told what can be told at once: SIGKILL for everything that was started. */
  onKillable(kill: () => void): void;
  say(line: string): void;
}

/** The source is as near as it can be; a real one answers less fast. */
const LATENCY_MS = 15;

/** Starts the database, the source, the API and a worker. Everything is given to `cleanup` before it is waited for. */
export async function openDemo(options: OpenDemoOptions): Promise<OpenDemo> {
  const { settings, page, cleanup, onKillable } = options;
  const [database, source] = await Promise.all([openDatabase(options), openSource(options)]);
  const variables = { ...settings.variables, META_GRAPH_URL: source.url };
  const given = { variables, logDir: settings.logDir };
  const api = await cleanup.own(
    () => launch({ ...given, role: 'api' }),
    (child) => child.stop(),
  );
  onKillable(() => api.kill());
  const apiUrl = await api.ready;
  if (apiUrl === null) throw new CommandError('no_url', 'The API does not say where it listens.');
  const worker = await cleanup.own(
    () => keepWorker({ ...given, say: options.say }),
    (keeper) => keeper.stop(),
  );
  onKillable(() => worker.kill());
  const failed = Promise.race([worker.failed, whenApiEnds(api), whenSourceEnds(source, page)]);
  failed.catch(() => {});
  return { databaseUrl: database.url, apiUrl, source, worker, failed };
}

async function openDatabase({ settings, cleanup }: OpenDemoOptions): Promise<PreparedDatabase> {
  // Its few messages say what is printed anyway.
  const logger = { info: () => {}, warn: () => {} };
  const { environment, dataDir } = settings;
  return cleanup.own(
    () => prepareDatabase({ environment, cwd: dataDir, logger }),
    (database) => database.stop(),
  );
}

async function openSource({
  settings,
  page,
  cleanup,
  onKillable,
}: OpenDemoOptions): Promise<SpawnedSimulator> {
  const logFile = path.join(settings.logDir, 'source.log');
  // Only the demo reads the simulator: an installation does without the package.
  const { spawnSimulator } = await import('@tidemark/sandbox');
  const source = await cleanup.own(
    () => spawnSimulator(simulatorArguments(page, LATENCY_MS)),
    (simulator) => simulator.stop(),
  );
  source.process.stderr?.pipe(createWriteStream(logFile));
  onKillable(() => source.process.kill('SIGKILL'));
  return source;
}

async function whenApiEnds(api: ChildProgram): Promise<never> {
  await api.exited;
  throw await failure('api', api.exited, api.logFile);
}

async function whenSourceEnds({ process: child }: SpawnedSimulator, page: DemoPage): Promise<never> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve));
  }
  const how = child.signalCode ?? `code ${child.exitCode}`;
  throw new CommandError('source_ended', `The simulated source of ${page.name} ended with ${how}.`);
}

/** Logs of the last run would only be in the way when something goes wrong in this one. */
export async function clearLogs(settings: DemoSettings): Promise<void> {
  const files = ['api', 'worker', 'source'].map((name) => path.join(settings.logDir, `${name}.log`));
  await Promise.all(files.map((file) => rm(file, { force: true })));
}
