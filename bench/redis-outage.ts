/**
 * How long deliveries lie about after an outage of Redis: those the queue had been told of and lost, and those that came
 * while it was away, from the moment it is back, empty, until the last of them is processed. Ends with 1 when a promise
 * is broken.
 */
import { parseArgs } from 'node:util';
import { type Engine, openEngine } from '../test/support/engine/engine.ts';
import { startWorkerProcess } from '../test/support/engine/worker-process.ts';
import { eventually } from '../test/support/eventually.ts';
import { inboxSettled, messageTo, startInboxApi } from '../test/support/webhooks/inbox-api.ts';
import { startProgram } from './support/processes.ts';
import { openServices } from './support/services.ts';
import { print, printTable, quantile } from './support/table.ts';

const { values } = parseArgs({
  options: { outages: { type: 'string', default: '10' }, deliveries: { type: 'string', default: '200' } },
});
const OUTAGES = Number(values.outages);
/** So many before each outage, and as many during it. */
const DELIVERIES = Number(values.deliveries);
const PAGE = { pageId: '1001', accessToken: 'T1001' };
/** What production runs with. */
const DEFAULTS = { SWEEP_SECONDS: '5', LEASE_SECONDS: '300' };
const BOUND_MS = 15_000;

/** Waits until the queue knows so many deliveries. */
async function queueHolds(engine: Engine, count: number): Promise<void> {
  await eventually(
    async () => {
      const queue = (await engine.queues.status()).find((one) => one.queue === 'webhook');
      const held = (queue?.waiting ?? 0) + (queue?.active ?? 0);
      if (held < count) throw new Error(`the queue holds ${held} of ${count} deliveries`);
    },
    { timeoutMs: 30_000 },
  );
}

const services = await openServices();
const times: number[] = [];
let refused = 0;
try {
  const addresses = {
    databaseUrl: await services.createDatabase(),
    redisUrl: services.redisUrl,
    graphUrl: 'http://127.0.0.1:9',
  };
  const engine = await openEngine(addresses);
  await engine.connect(PAGE);
  const api = await startInboxApi(addresses);
  const worker = await startWorkerProcess(startProgram, addresses, { variables: DEFAULTS });
  let next = 0;
  const send = async () => {
    for (let sent = 0; sent < DELIVERIES; sent += 1) {
      next += 1;
      if ((await api.deliver(messageTo(PAGE.pageId, String(next % 50), next))).status !== 200) refused += 1;
    }
  };
  for (let outage = 0; outage < OUTAGES; outage += 1) {
    // It takes none while it stands still, so that the queue holds what is lost then.
    worker.signal('SIGSTOP');
    await send();
    await queueHolds(engine, Math.min(DELIVERIES, 100));
    await services.killRedis();
    worker.signal('SIGCONT');
    await send();
    await services.startRedis();
    const backAt = performance.now();
    await inboxSettled(engine.db);
    times.push(performance.now() - backAt);
  }
  await worker.stop();
  await api.stop();
  await engine.close();
} finally {
  await services.end();
}

const shares = [0, 0.5, 0.95, 1] as const;
printTable(
  `Seconds from the return of Redis until all deliveries were processed; ${OUTAGES} outages, ${2 * DELIVERIES} deliveries each`,
  ['min', 'median', '95 %', 'max'],
  [shares.map((share) => (quantile(times, share) / 1_000).toFixed(1))],
);
const isKept = Math.max(...times) < BOUND_MS && refused === 0;
print(
  '',
  `${refused} deliveries were not answered with 200`,
  `Promised: all answered with 200, all processed within ${BOUND_MS / 1_000} s: ${isKept ? 'kept' : 'BROKEN'}`,
  '',
);
process.exitCode = isKept ? 0 : 1;
