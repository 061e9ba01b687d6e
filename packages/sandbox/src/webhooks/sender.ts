import type { SimPage } from '../data/model.ts';
import { createRandom, type Random } from '../data/random.ts';
import type { GraphSource } from '../data/source.ts';
import { escapeJson } from '../graph/escape.ts';
import { DeliveryQueue, type QueueFacts, type RetryRules } from './delivery-queue.ts';
import { type PageEvent, STANDBY_FIELD, WEBHOOK_FIELDS } from './event.ts';
import { EventWriter } from './event-writer.ts';
import { type Callback, type Handshake, shakeHands } from './handshake.ts';
import { WebhookLedger } from './ledger.ts';
import { PageHealth } from './page-health.ts';
import { type Disorder, IN_ORDER, planBodies, renderBody } from './plan.ts';
import { Traffic, type TrafficMix } from './traffic.ts';

export interface WebhookSettings extends Disorder, RetryRules {}

const MINUTE = 60_000;

export const WEBHOOK_DEFAULTS: WebhookSettings = {
  ...IN_ORDER,
  concurrency: 1,
  timeoutMs: 5_000,
  immediateRetries: 3,
  retryAfterMs: [1, 2, 4, 8, 15].map((minutes) => minutes * MINUTE),
  alertAfterMs: 15 * MINUTE,
  disableAfterMs: 60 * MINUTE,
  giveUpAfterMs: 36 * 60 * MINUTE,
};

export interface TrafficSpec {
  /** So many events, those of fields that a page is not subscribed to included. */
  readonly events: number;
  /** The same seed, data and settings give the same bodies. Default 1. */
  readonly seed?: string | number | undefined;
  /** Default `USUAL_MIX`. */
  readonly mix?: TrafficMix | undefined;
  /** Default: all pages that are subscribed to something. */
  readonly pageIds?: readonly string[] | undefined;
  /** Events that are planned together: only within a wave they trade places or share a body. Default 20. */
  readonly wave?: number | undefined;
  /** Real milliseconds between two waves. Default 0: the next one follows when the last one is on its way. */
  readonly everyMs?: number | undefined;
}

export interface SenderStatus extends QueueFacts {
  readonly callback: string | null;
  readonly runningTraffic: number;
  /** Nothing is under way or to be sent now; deliveries may still wait for a later attempt. */
  readonly idle: boolean;
}

/** The source's side of webhooks: tells the receiver what happens on the pages that it is subscribed to. */
export class WebhookSender {
  readonly ledger = new WebhookLedger();
  readonly #source: GraphSource;
  readonly #seed: string;
  readonly #random: Random;
  readonly #writer: EventWriter;
  readonly #health: PageHealth;
  readonly #queue: DeliveryQueue;
  #settings: WebhookSettings = WEBHOOK_DEFAULTS;
  #callback: Callback | null = null;
  #pending: PageEvent[] = [];
  #planning: Random;
  #published = 0;
  #runningTraffic = 0;
  readonly #end = new AbortController();
  #change = Promise.withResolvers<void>();

  constructor(source: GraphSource, seed: string, now: () => number) {
    this.#source = source;
    this.#seed = seed;
    this.#random = createRandom(`${seed} webhooks`);
    this.#planning = this.#random;
    this.#writer = new EventWriter(source, now);
    this.#health = new PageHealth(source, this.ledger);
    this.#queue = new DeliveryQueue({
      rules: this.#settings,
      now,
      health: this.#health,
      ledger: this.ledger,
      changed: () => this.#changed(),
    });
    source.onMutation((mutation) => {
      if (this.#callback === null) return;
      for (const event of this.#writer.ofMutation(mutation)) this.#publish(event);
    });
  }

  /** Shakes hands with a receiver, and sends there from now on if it answers as it must. */
  async connect(callback: Callback): Promise<Handshake> {
    const handshake = await shakeHands(callback, String(1_000_000_000 + this.#random.int(1_000_000_000)));
    if (handshake.verified) {
      this.#callback = callback;
      this.#queue.sendTo(callback);
    }
    return handshake;
  }

  configure(settings: Partial<WebhookSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#queue.rules = this.#settings;
    this.#queue.pump();
  }

  /**
   * Lets things happen. Resolves when the last of them did; for their delivery see `untilIdle`. Throws a RangeError
   * when nobody could hear of it.
   */
  run(spec: TrafficSpec): Promise<void> {
    if (this.#callback === null) throw new RangeError('no receiver is connected');
    const random = createRandom(`${this.#seed} traffic ${spec.seed ?? 1}`);
    const publish = (event: PageEvent): void => this.#publish(event);
    const { mix } = spec;
    const traffic = new Traffic({ source: this.#source, writer: this.#writer, publish, random, mix });
    return this.#go(spec, this.#pagesOf(spec), traffic, random);
  }

  status(): SenderStatus {
    const facts = this.#queue.facts();
    const busy = facts.ready + facts.running + this.#pending.length + this.#runningTraffic;
    const { url = null } = this.#callback ?? {};
    return { ...facts, callback: url, runningTraffic: this.#runningTraffic, idle: busy === 0 };
  }

  /** Waits until nothing is under way or to be sent now, with `settled` also for every retry; false when time is up. */
  async untilIdle(
    options: { settled?: boolean | undefined; timeoutMs?: number | undefined } = {},
  ): Promise<boolean> {
    const { settled = false, timeoutMs = 30_000 } = options;
    const deadline = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => deadline.resolve('late'), timeoutMs);
    try {
      for (;;) {
        const { idle, delayed } = this.status();
        if (idle && (!settled || delayed === 0)) return true;
        if ((await Promise.race([this.#change.promise, deadline.promise])) === 'late') return false;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Looks at the clock again: to be called when it was moved. */
  wake(): void {
    this.#queue.pump();
  }

  close(): void {
    this.#end.abort();
    this.#queue.close();
    this.#changed();
  }

  #pagesOf({ pageIds }: TrafficSpec): SimPage[] {
    if (pageIds !== undefined) return pageIds.map((pageId) => this.#source.page(pageId));
    const pages = [...this.#source.pages.values()].filter((page) => this.#health.isSubscribed(page.id));
    if (pages.length === 0) throw new RangeError('no page is subscribed to anything');
    return pages;
  }

  async #go(spec: TrafficSpec, pages: readonly SimPage[], traffic: Traffic, random: Random): Promise<void> {
    const { wave = 20, everyMs = 0 } = spec;
    this.#runningTraffic += 1;
    try {
      for (let left = spec.events; left > 0 && !this.#end.signal.aborted; ) {
        left -= this.#wave(traffic, pages, random, Math.min(left, wave));
        await this.#room();
        if (left > 0 && everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    } finally {
      this.#runningTraffic -= 1;
      this.#changed();
    }
  }

  /** Lets at least so many events happen at once and plans their bodies; returns how many it were. */
  #wave(traffic: Traffic, pages: readonly SimPage[], random: Random, size: number): number {
    this.#flush();
    const before = this.#published;
    while (this.#published - before < size) traffic.step(random.pick(pages));
    this.#planning = random;
    this.#flush();
    this.#planning = this.#random;
    return this.#published - before;
  }

  #publish(event: PageEvent): void {
    this.#published += 1;
    const field = event.standby ? STANDBY_FIELD : WEBHOOK_FIELDS[event.kind];
    const subscribed = this.#callback !== null && this.#health.isSubscribed(event.pageId, field);
    this.ledger.happened(event, subscribed);
    if (!subscribed) return;
    this.#pending.push(event);
    if (this.#pending.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const events = this.#pending;
    if (events.length === 0) return;
    this.#pending = [];
    for (const body of planBodies(events, this.#settings, this.#planning)) {
      const { entries, repeats } = body;
      const pageIds = [...new Set(entries.map((entry) => entry.pageId))];
      const seqs = entries.flatMap((entry) => entry.events.map((event) => event.seq));
      const bytes = Buffer.from(escapeJson(renderBody(body)));
      this.#queue.add(bytes, { pageIds, events: seqs, repeats });
    }
    this.#queue.pump();
  }

  /** Waits until the queue is short, so that things happen no faster than they are told. */
  async #room(): Promise<void> {
    while (!this.#end.signal.aborted && this.#queue.facts().ready > this.#settings.concurrency)
      await this.#change.promise;
  }

  #changed(): void {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers<void>();
    resolve();
  }
}
