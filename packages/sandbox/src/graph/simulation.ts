import type { SimClock, Sleep } from '../clock.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR, type SimPage } from '../data/model.ts';
import { createRandom, type Random } from '../data/random.ts';
import { GraphSource } from '../data/source.ts';
import { FaultBoard } from '../faults/board.ts';
import { Ledger } from '../ledger/ledger.ts';
import { WebhookSender } from '../webhooks/sender.ts';
import { AnswerCache } from './answer-cache.ts';
import { escapeJson } from './escape.ts';
import { Usage, type UsageConfig } from './usage.ts';

/** Milliseconds each answer takes: a fixed part and a seeded part below `jitterMs`. */
export interface Latency {
  readonly ms: number;
  readonly jitterMs?: number | undefined;
}

export interface SimulationOptions {
  readonly seed: string;
  readonly clock: SimClock;
  readonly sleep: Sleep;
  readonly newestMs: number;
  readonly spreadDays: number;
  readonly behaviour: Partial<Behaviour>;
  readonly usage: UsageConfig;
  readonly latency: Latency;
  readonly ledgerCapacity: number | undefined;
  /** ASCII-only JSON, as the real source sends it: `\u00e4` and `\/`. */
  readonly escapeUnicode: boolean;
  /** Bytes of rendered answers to keep; 0 renders each anew. */
  readonly cacheBytes: number;
}

/** Everything the simulated source knows and keeps; the server and the control surface share it. */
export class Simulation {
  readonly source: GraphSource;
  readonly clock: SimClock;
  readonly sleep: Sleep;
  readonly usage: Usage;
  readonly faults: FaultBoard;
  readonly ledger: Ledger;
  readonly webhooks: WebhookSender;
  readonly random: Random;
  readonly escapeUnicode: boolean;
  readonly cache: AnswerCache;
  behaviour: Partial<Behaviour>;
  latency: Latency;
  #traces = 0;

  constructor(options: SimulationOptions) {
    const clock = telling(options.clock, () => this.webhooks.wake());
    this.clock = clock;
    this.sleep = options.sleep;
    this.behaviour = options.behaviour;
    this.latency = options.latency;
    this.escapeUnicode = options.escapeUnicode;
    this.cache = new AnswerCache(options.cacheBytes);
    this.source = new GraphSource({
      seed: options.seed,
      times: { newest: Math.floor(options.newestMs / 1000), spreadDays: options.spreadDays },
      now: () => clock.now(),
    });
    this.webhooks = new WebhookSender(this.source, options.seed, () => clock.now());
    this.usage = new Usage(options.usage, () => clock.now());
    this.faults = new FaultBoard(options.seed);
    this.random = createRandom(`${options.seed} traffic`);
    this.ledger = new Ledger(this.source, (page) => this.behaviourOf(page), options.ledgerCapacity);
  }

  /** What holds for a page: its own settings before the general ones. */
  behaviourOf(page: SimPage): Behaviour {
    return { ...DEFAULT_BEHAVIOUR, ...this.behaviour, ...page.behaviour };
  }

  /** Changes behaviour for one page, or for all that do not say otherwise. */
  configure(behaviour: Partial<Behaviour>, pageId?: string): void {
    this.cache.clear();
    if (pageId === undefined) this.behaviour = { ...this.behaviour, ...behaviour };
    else this.source.configure(pageId, behaviour);
  }

  /** Forgets calls, faults, spent budgets and settled deliveries; data and settings stay. */
  reset(): void {
    this.ledger.reset();
    this.webhooks.ledger.reset();
    this.faults.clear();
    this.usage.reset();
  }

  /** JSON text as it goes over the wire. */
  encode(json: string): string {
    return this.escapeUnicode ? escapeJson(json) : json;
  }

  /** A number for `fbtrace_id`, like `A000001`. */
  nextTrace(): string {
    this.#traces += 1;
    return `A${this.#traces.toString(36).padStart(10, '0')}`;
  }
}

/** A clock that tells when it was moved: what waits for a time must not have to ask again and again. */
function telling(clock: SimClock, moved: () => void): SimClock {
  return {
    now: () => clock.now(),
    advance: (ms) => {
      clock.advance(ms);
      moved();
    },
  };
}
