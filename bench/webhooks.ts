/**
 * How many webhook deliveries a second the API acknowledges, each of them committed durably, beside the plain way to
 * receive them; how long an answer takes at half of that rate; and what happens to both while PostgreSQL is killed and
 * started again. Ends with 1 when a promise is broken.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from '@tidemark/db';
import { engineVariables } from '../test/support/engine/settings.ts';
import { cpuSecondsOf } from './support/cpu-time.ts';
import { startProgram } from './support/processes.ts';
import { type ReceiverProcess, startReceiver } from './support/receiver-process.ts';
import { openServices } from './support/services.ts';
import { percent, print, printTable, quantile, whole } from './support/table.ts';
import type { LoadPlan, LoadResult } from './support/webhook-load.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
  },
});
const SECONDS = Number(values.seconds);
const ROUNDS = Number(values.rounds);
const CONNECTIONS = Number(values.connections);
const WARM_UP_SECONDS = 1;
const SECRET = 'a-secret-for-benchmarks';
/** No receiver is faster on any machine this may run on; bodies are made before the clock starts. */
const FASTEST = 15_000;
const RATIO_MIN = 1.5;
const P99_MAX_MS = 50;

const services = await openServices();
const folder = await mkdtemp(path.join(tmpdir(), 'tidemark-bench-'));
let runs = 0;

interface Measured extends LoadResult {
  /** CPU seconds per second, of the receiver, PostgreSQL and the generator. */
  cores: { receiver: number; postgres: number; generator: number };
  acknowledgedKeys: string[];
}

async function load(
  receiver: ReceiverProcess,
  plan: Pick<LoadPlan, 'seconds'> & Partial<LoadPlan>,
): Promise<Measured> {
  runs += 1;
  const acknowledgedFile = path.join(folder, `acknowledged-${runs}`);
  const complete: LoadPlan = {
    url: receiver.url,
    secret: SECRET,
    run: String(runs),
    connections: CONNECTIONS,
    warmUpSeconds: WARM_UP_SECONDS,
    deliveries: Math.ceil((plan.rate ?? FASTEST) * (plan.seconds + WARM_UP_SECONDS)),
    acknowledgedFile,
    ...plan,
  };
  const generator = await startProgram('bench/support/webhook-load.ts', { args: [JSON.stringify(complete)] });
  await generator.waitForLine((line) => line === 'ready');
  const before = [cpuSecondsOf(receiver.pid), await services.postgresCpuSeconds()] as const;
  const line = await generator.waitForLine((printed) => printed.startsWith('{'), { timeoutMs: 120_000 });
  const result: LoadResult = JSON.parse(line);
  const { seconds, cpuSeconds } = result;
  const cores = {
    receiver: (cpuSecondsOf(receiver.pid) - before[0]) / seconds,
    postgres: ((await services.postgresCpuSeconds()) - before[1]) / seconds,
    generator: cpuSeconds / seconds,
  };
  await generator.waitForExit();
  const keys = await readFile(acknowledgedFile, 'utf8');
  return { ...result, cores, acknowledgedKeys: keys.split('\n').filter(Boolean) };
}

function median(results: readonly Measured[], figure: (result: Measured) => number): number {
  return quantile(results.map(figure), 0.5);
}

function rateOf(result: Measured): number {
  return result.acknowledged / result.seconds;
}

type Part = keyof Measured['cores'];

/** CPU time of a delivery in microseconds, which says more than a rate where others use the processor too. */
function microseconds(results: readonly Measured[], part: Part): string {
  return whole(median(results, (result) => (result.cores[part] / rateOf(result)) * 1_000_000));
}

function row(name: string, results: readonly Measured[]): string[] {
  return [
    name,
    whole(median(results, rateOf)),
    median(results, (result) => result.p50).toFixed(1),
    median(results, (result) => result.p99).toFixed(1),
    ...(['receiver', 'postgres', 'generator'] as const).map((part) => microseconds(results, part)),
  ];
}

function printBound(name: string, results: readonly Measured[]): void {
  const share = (part: Part) => percent(median(results, (result) => result.cores[part]));
  const shares = `receiver ${share('receiver')}, PostgreSQL ${share('postgres')}, generator ${share('generator')}`;
  print(`${name}: of a core the ${shares}`);
}

/** Acknowledged deliveries that are not in the inbox. */
async function missing(databaseUrl: string, results: readonly Measured[]): Promise<number> {
  const db = openDatabase({ url: databaseUrl, max: 1, applicationName: 'bench' });
  try {
    const rows = await db.sql<{ key: string }[]>`SELECT dedupe_key AS key FROM webhook_deliveries`;
    const stored = new Set(rows.map(({ key }) => key));
    return results.flatMap((result) => result.acknowledgedKeys).filter((key) => !stored.has(key)).length;
  } finally {
    await db.close();
  }
}

async function printMachine(databaseUrl: string): Promise<void> {
  const db = openDatabase({ url: databaseUrl, max: 1, applicationName: 'bench' });
  const settings = await db.sql<{ name: string; setting: string }[]>`
    SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`;
  await db.close();
  const durability = settings.map(({ name, setting }) => `${name} ${setting}`).join(', ');
  const [processor] = cpus();
  const load = loadavg()[0]?.toFixed(1) ?? 'unknown';
  print(`${cpus().length} x ${processor?.model ?? 'unknown'}, load ${load}; PostgreSQL: ${durability}`);
}

const broken: string[] = [];
function promise(kept: boolean, words: string): void {
  print(`${kept ? 'kept  ' : 'BROKEN'}  ${words}`);
  if (!kept) broken.push(words);
}

try {
  const databaseUrl = await services.createDatabase();
  await printMachine(databaseUrl);
  const variables = {
    ...engineVariables({ databaseUrl, redisUrl: services.redisUrl, graphUrl: 'http://127.0.0.1:9' }),
    META_APP_SECRET: SECRET,
    META_VERIFY_TOKEN: 'unused',
    TIDEMARK_ADMIN_KEY: 'an-admin-key-for-benchmarks',
  };
  const plain = await startReceiver('bench/support/plain-receiver.ts', variables, path.join(folder, 'plain'));
  const product = await startReceiver('apps/api/src/main.ts', variables, path.join(folder, 'product'));
  for (const receiver of [plain, product]) await load(receiver, { seconds: 2 });
  const [byPlain, byProduct]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    byPlain.push(await load(plain, { seconds: SECONDS }));
    byProduct.push(await load(product, { seconds: SECONDS }));
  }
  const rate = median(byProduct, rateOf);
  const halfRate = Math.round(rate / 2);
  const steadily = { seconds: SECONDS, rate: halfRate, connections: 256 };
  // One after the other: a rate that the plain way cannot keep leaves the disk busy for who comes next.
  const [steadyPlain, steadyProduct]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) steadyProduct.push(await load(product, steadily));
  for (let round = 0; round < ROUNDS; round += 1) steadyPlain.push(await load(plain, steadily));
  const restarting = load(product, { ...steadily, seconds: SECONDS + 4 });
  await delay(2_000);
  await services.restartPostgres('immediate');
  const restarted = await restarting;

  printTable(
    `Deliveries acknowledged, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s each after a warm-up`,
    ['', 'per second', 'p50 ms', 'p99 ms', 'receiver µs', 'PostgreSQL µs', 'generator µs'],
    [
      row('plain Fastify, one insert each', byPlain),
      row('API', byProduct),
      row(`plain at ${halfRate} a second`, steadyPlain),
      row(`API at ${halfRate} a second`, steadyProduct),
      // Processes that are gone tell no time.
      row(`API at ${halfRate} a second, PostgreSQL killed`, [restarted]).with(5, ''),
    ],
  );
  print('');
  printBound('plain', byPlain);
  printBound('API', byProduct);
  const cost = (results: readonly Measured[]) =>
    median(
      results,
      ({ cores, ...result }) => ((cores.receiver + cores.postgres) * result.seconds) / result.acknowledged,
    );
  print(
    `The plain way takes ${(cost(byPlain) / cost(byProduct)).toFixed(2)} times the CPU time, PostgreSQL's included`,
  );
  const lost = await missing(databaseUrl, [...byProduct, ...steadyProduct, restarted]);
  const ratio = rate / median(byPlain, rateOf);
  print(
    '',
    `Answers while PostgreSQL was killed: ${JSON.stringify(restarted.statuses)}, slowest ${whole(restarted.max)} ms`,
  );
  promise(ratio >= RATIO_MIN, `${ratio.toFixed(2)} times the plain way (at least ${RATIO_MIN})`);
  const p99s = steadyProduct.map(({ p99 }) => p99);
  const p99 = quantile(p99s, 0.5);
  print(`p99 at half the rate, round by round: ${p99s.map((ms) => ms.toFixed(1)).join(', ')} ms`);
  promise(p99 < P99_MAX_MS, `p99 ${p99.toFixed(1)} ms at half the rate (below ${P99_MAX_MS})`);
  promise(lost === 0, `${lost} acknowledged deliveries are missing from the inbox`);
  if (broken.length > 0) process.exitCode = 1;
  await product.stop();
  await plain.stop();
} finally {
  await rm(folder, { recursive: true, force: true });
  await services.end();
}
