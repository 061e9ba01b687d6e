/**
 * How fast a real worker process stores events, beside the fastest plain way to write the same rows, what the safety
 * of a page costs, and how much memory it takes. See README.md.
 */
import { parseArgs } from 'node:util';
import { type SpawnedSimulator, spawnSimulator } from '@tidemark/sandbox';
import type { PageToConnect } from '../test/support/engine/engine.ts';
import { type EngineRun, runEngine } from './support/engine-run.ts';
import { exportRows, writePlainly } from './support/plain-writer.ts';
import { timeVariant, VARIANTS } from './support/safety-variants.ts';
import { type BenchServices, openServices } from './support/services.ts';
import { percent, print, printTable, whole } from './support/table.ts';
import { type WalkedPage, walkSource } from './support/walk-source.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '500000' },
    pages: { type: 'string', default: '4' },
    'page-size': { type: 'string', default: '100' },
  },
});
const EVENTS = Number(values.events);
const PAGES = Number(values.pages);
const PAGE_SIZE = Number(values['page-size']);
const SMALL_EVENTS = 10_000;
/** What a connection has that says nothing about page sizes. */
const DEFAULT_SIZE = 25;
/** Conversations have 20 messages on average. */
const MESSAGES_EACH = 20;
/** Events in the pages that the parts are left out of, and how often each variant is timed: the best time counts. */
const SAFETY_EVENTS = 10_000;
const SAFETY_ROUNDS = 3;

/** Adds Pages with so many events in all to the source, and reads them once so that it answers at once later. */
async function addPages(
  sim: SpawnedSimulator,
  wanted: { firstId: number; count: number; events: number; size: number },
): Promise<PageToConnect[]> {
  const pages = Array.from({ length: wanted.count }, (_, index): PageToConnect => {
    const pageId = String(wanted.firstId + index);
    return { pageId, accessToken: `T${pageId}`, pageSize: wanted.size, messagesPerConversation: wanted.size };
  });
  const messages = Math.round(wanted.events / wanted.count);
  for (const page of pages) {
    const { pageId, accessToken } = page;
    const conversations = Math.round(messages / MESSAGES_EACH);
    await sim.control.addPage({ pageId, accessToken, conversations, messages });
    await walkSource(sim.url, page, () => undefined);
  }
  return pages;
}

async function measure(
  services: BenchServices,
  sim: SpawnedSimulator,
  pages: readonly PageToConnect[],
): Promise<{ engine: EngineRun; plainSeconds: number }> {
  const { redisUrl } = services;
  const databaseUrl = await services.createDatabase();
  const engine = await runEngine({ databaseUrl, redisUrl, graphUrl: sim.url }, pages);
  const rows = await exportRows(databaseUrl);
  const plainSeconds = await writePlainly(await services.createDatabase(), rows);
  return { engine, plainSeconds };
}

/** Milliseconds per page of each variant, in their order. The rounds are interleaved: a busy moment hits all alike. */
async function measureSafety(
  services: BenchServices,
  sim: SpawnedSimulator,
  source: PageToConnect,
): Promise<number[]> {
  const pages: WalkedPage[] = [];
  let events = 0;
  await walkSource(sim.url, source, (page) => {
    pages.push(page);
    for (const group of page.records) {
      if (group.kind === 'conversations') for (const row of group.rows) events += row.events.length;
    }
    return events < SAFETY_EVENTS;
  });
  const best = VARIANTS.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < SAFETY_ROUNDS; round += 1) {
    for (const [index, variant] of VARIANTS.entries()) {
      const addresses = { databaseUrl: await services.createDatabase(), redisUrl: services.redisUrl };
      const ms = await timeVariant(variant, addresses, source, pages);
      best[index] = Math.min(ms, best[index] ?? ms);
    }
  }
  return best;
}

const services = await openServices();
const sim = await spawnSimulator(['--conversations', '1', '--messages', '1', '--cache-mb', '4000']);
try {
  const small = await addPages(sim, { firstId: 1_001, count: 1, events: SMALL_EVENTS, size: PAGE_SIZE });
  const usual = await addPages(sim, { firstId: 2_001, count: 1, events: SMALL_EVENTS, size: DEFAULT_SIZE });
  const large = await addPages(sim, { firstId: 3_001, count: PAGES, events: EVENTS, size: PAGE_SIZE });
  const runs = [
    { name: `1 Page, ${PAGE_SIZE} x ${PAGE_SIZE} a call`, pages: small },
    { name: `1 Page, ${DEFAULT_SIZE} x ${DEFAULT_SIZE} a call (default)`, pages: usual },
    { name: `${PAGES} Pages at once, ${PAGE_SIZE} x ${PAGE_SIZE} a call`, pages: large },
  ];
  const rows: string[][] = [];
  for (const { name, pages } of runs) {
    const { engine, plainSeconds } = await measure(services, sim, pages);
    rows.push([
      name,
      whole(engine.events),
      whole(engine.events / engine.seconds),
      whole(engine.events / plainSeconds),
      percent(plainSeconds / engine.seconds),
      whole(engine.events / engine.cpuSeconds),
      whole(engine.usage.rssKb / 1_024),
      whole(engine.usage.rssMaxKb / 1_024),
    ]);
  }
  printTable(
    'Events stored per second, commits durable',
    ['', 'events', 'worker', 'COPY + upsert', 'ratio', 'per CPU-second', 'RSS MB', 'peak MB'],
    rows,
  );

  for (const [source] of [usual, large] as const) {
    if (source === undefined) continue;
    const times = await measureSafety(services, sim, source);
    const [all = 1] = times;
    printTable(
      `What safety costs, ${source.pageSize} conversations a page: milliseconds per page in PostgreSQL and Redis`,
      ['', 'ms per page', 'the part costs'],
      VARIANTS.map((variant, index) => {
        const before = times[index - 1];
        const time = times[index] ?? 0;
        return [variant, time.toFixed(1), before === undefined ? '' : percent((before - time) / all)];
      }),
    );
  }
  print('');
} finally {
  await sim.stop();
  await services.end();
}
