import { createOffsetClock, type SimClock, type Sleep } from '../clock.ts';
import { createControlHandler } from '../control/routes.ts';
import type { Behaviour, SimPage } from '../data/model.ts';
import type { PageSpec } from '../data/seed-page.ts';
import type { GraphSource } from '../data/source.ts';
import type { FaultBoard } from '../faults/board.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import { createGraphServer } from './server.ts';
import { type Latency, Simulation } from './simulation.ts';
import type { UsageConfig } from './usage.ts';

export interface GraphSimulatorOptions {
  /** Port on 127.0.0.1; default 0: any free one. */
  readonly port?: number | undefined;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** The same seed gives the same data, faults and jitter. Default `1`. */
  readonly seed?: string | number | undefined;
  readonly pages?: readonly PageSpec[] | undefined;
  /** Default: real time, which can be advanced. */
  readonly clock?: SimClock | undefined;
  /** Real waiting, for latency and slow answers. */
  readonly sleep?: Sleep | undefined;
  /** Milliseconds since the epoch of the newest seeded message. Default 2026-06-30T12:00:00Z. */
  readonly newest?: number | undefined;
  /** Days over which the threads' last messages are spread. Default 240. */
  readonly spreadDays?: number | undefined;
  readonly behaviour?: Partial<Behaviour> | undefined;
  readonly usage?: UsageConfig | undefined;
  readonly latency?: Latency | undefined;
  /** Calls the ledger keeps. Default 100,000. */
  readonly ledgerCapacity?: number | undefined;
  /** Answer in ASCII with `\u00e4` and `\/`, as the real source does. Default false: it costs time. */
  readonly escapeUnicode?: boolean | undefined;
  /** Megabytes of rendered answers to keep, for benchmarks. Default 0: each answer is rendered anew. */
  readonly cacheMegabytes?: number | undefined;
}

/** A running simulator. */
export interface GraphSimulator {
  /** `http://127.0.0.1:PORT`, without a slash at the end; put a version behind it or not. */
  readonly url: string;
  readonly port: number;
  /** The data, to be changed directly. */
  readonly source: GraphSource;
  /** What exists and what was served. */
  readonly ledger: Ledger;
  /** The faults in force. */
  readonly faults: FaultBoard;
  /** Tells receivers what happens on subscribed pages. */
  readonly webhooks: WebhookSender;
  /** The simulator's clock: advance it here, so that what waits for a time goes on. */
  readonly clock: SimClock;
  addPage(spec: PageSpec): SimPage;
  /** Changes behaviour for one page, or for all that do not say otherwise. */
  configure(behaviour: Partial<Behaviour>, pageId?: string): void;
  /** New budgets, with nothing spent. */
  setUsage(usage: UsageConfig): void;
  setLatency(latency: Latency): void;
  /** Forgets calls, faults, spent budgets and settled deliveries; data and settings stay. */
  reset(): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

const NEWEST = Date.parse('2026-06-30T12:00:00Z');

/** Starts a simulator of the Graph API on a port of its own. */
export async function startGraphSimulator(options: GraphSimulatorOptions = {}): Promise<GraphSimulator> {
  const sim = new Simulation({
    seed: String(options.seed ?? 1),
    clock: options.clock ?? createOffsetClock(),
    sleep: options.sleep ?? realSleep,
    newestMs: options.newest ?? NEWEST,
    spreadDays: options.spreadDays ?? 240,
    behaviour: options.behaviour ?? {},
    usage: options.usage ?? {},
    latency: options.latency ?? { ms: 0 },
    ledgerCapacity: options.ledgerCapacity,
    escapeUnicode: options.escapeUnicode ?? false,
    cacheBytes: (options.cacheMegabytes ?? 0) * 1_000_000,
  });
  for (const page of options.pages ?? []) sim.source.addPage(page);
  const server = createGraphServer(sim, createControlHandler(sim));
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${host}:${port}`,
    port,
    source: sim.source,
    ledger: sim.ledger,
    faults: sim.faults,
    webhooks: sim.webhooks,
    clock: sim.clock,
    addPage: (spec) => sim.source.addPage(spec),
    configure: (behaviour, pageId) => sim.configure(behaviour, pageId),
    setUsage: (usage) => sim.usage.configure(usage),
    setLatency: (latency) => {
      sim.latency = latency;
    },
    reset: () => sim.reset(),
    close: () =>
      new Promise((resolve) => {
        sim.webhooks.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    // A slow answer must not keep a process alive whose simulator was closed.
    setTimeout(resolve, ms).unref();
  });
}
