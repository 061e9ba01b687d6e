import type { Callback } from './handshake.ts';
import type { AttemptRecord, DeliveryRecord, WebhookLedger } from './ledger.ts';
import type { PageHealth, Patience } from './page-health.ts';
import { createPoster, type Poster } from './post.ts';
import { signatureHeaders } from './sign.ts';

export interface RetryRules extends Patience {
  /** Deliveries under way at once; 1 keeps their order. */
  readonly concurrency: number;
  /** Real milliseconds a receiver has for its answer. Default 5 s. */
  readonly timeoutMs: number;
  /** So many attempts follow a failed one at once. */
  readonly immediateRetries: number;
  /** Then, on the simulator's clock, after these waits; the last one goes on. */
  readonly retryAfterMs: readonly number[];
  /** Since its first failure; then a delivery is given up. Default 36 hours. */
  readonly giveUpAfterMs: number;
}

interface Delivery {
  readonly record: DeliveryRecord;
  readonly body: Buffer;
  firstFailedAt: number | null;
  dueAt: number;
}

interface Target {
  readonly secret: string;
  readonly poster: Poster;
}

export interface QueueFacts {
  /** Deliveries that can be sent now, and those under way. */
  readonly ready: number;
  readonly running: number;
  /** Deliveries that wait for their next attempt, and when the first of them is due. */
  readonly delayed: number;
  readonly nextDueAt: number | null;
}

/** How often a delayed delivery is looked at when the clock moves by itself. */
const LONGEST_NAP_MS = 1_000;
const SHORTEST_NAP_MS = 20;

/**
 * Sends bodies until they are acknowledged with 200 or given up. The only thing that counts is what the
 * receiver answers in time; an attempt without an answer may have arrived all the same.
 */
export class DeliveryQueue {
  rules: RetryRules;
  readonly #now: () => number;
  readonly #health: PageHealth;
  readonly #ledger: WebhookLedger;
  /** Called after each change of `facts`. */
  readonly #changed: () => void;
  readonly #ready: Delivery[] = [];
  readonly #running = new Set<Delivery>();
  readonly #delayed = new Set<Delivery>();
  #target: Target | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #end = new AbortController();

  constructor(parts: {
    rules: RetryRules;
    now: () => number;
    health: PageHealth;
    ledger: WebhookLedger;
    changed: () => void;
  }) {
    this.rules = parts.rules;
    this.#now = parts.now;
    this.#health = parts.health;
    this.#ledger = parts.ledger;
    this.#changed = parts.changed;
  }

  /** From now on everything goes there, waiting deliveries too. */
  sendTo(callback: Callback): void {
    this.#target?.poster.close();
    this.#target = { secret: callback.appSecret, poster: createPoster(callback.url) };
    this.pump();
  }

  add(body: Buffer, facts: Pick<DeliveryRecord, 'pageIds' | 'events' | 'repeats'>): void {
    const record = this.#ledger.planned({ ...facts, bytes: body.length });
    this.#ready.push({ record, body, firstFailedAt: null, dueAt: 0 });
  }

  facts(): QueueFacts {
    const dues = [...this.#delayed].map((delivery) => delivery.dueAt);
    const nextDueAt = dues.length === 0 ? null : Math.min(...dues);
    const { size: running } = this.#running;
    return { ready: this.#ready.length, running, delayed: dues.length, nextDueAt };
  }

  /** Sends what is due: to be called when something was added or the clock was moved. */
  pump(): void {
    if (this.#end.signal.aborted) return;
    const now = this.#now();
    const due = [...this.#delayed].filter((delivery) => delivery.dueAt <= now);
    for (const delivery of due.sort((a, b) => a.dueAt - b.dueAt)) {
      this.#delayed.delete(delivery);
      this.#ready.push(delivery);
    }
    const target = this.#target;
    while (target !== null && this.#running.size < this.rules.concurrency) {
      const delivery = this.#ready.shift();
      if (delivery === undefined) break;
      this.#running.add(delivery);
      this.#attempt(delivery, target).catch((error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error));
      });
    }
    this.#rest(now);
    this.#changed();
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#target?.poster.close();
  }

  async #attempt(delivery: Delivery, target: Target): Promise<void> {
    const { record } = delivery;
    // Nobody listens any more when its pages were unsubscribed while it waited.
    if (this.#isWanted(delivery)) await this.#post(delivery, target);
    else this.#ledger.settled(record, 'given-up');
    this.#running.delete(delivery);
    this.pump();
  }

  async #post(delivery: Delivery, { secret, poster }: Target): Promise<void> {
    const { record, body } = delivery;
    const result = await poster.post(body, signatureHeaders(secret, body), this.rules.timeoutMs);
    const attempt: AttemptRecord = { ...result, at: this.#now() };
    record.attempts.push(attempt);
    if (attempt.status === 200) {
      this.#health.succeeded(record.pageIds);
      this.#ledger.settled(record, 'acknowledged');
    } else {
      this.#failed(delivery, attempt.at);
    }
  }

  #failed(delivery: Delivery, now: number): void {
    const { record } = delivery;
    const lost = this.#health.failed(record.pageIds, now, this.rules);
    delivery.firstFailedAt ??= now;
    if (!this.#isWanted(delivery) || now - delivery.firstFailedAt >= this.rules.giveUpAfterMs) {
      this.#ledger.settled(record, 'given-up');
    } else {
      this.#schedule(delivery, now);
    }
    if (lost.length > 0) this.#dropUnwanted();
  }

  #schedule(delivery: Delivery, now: number): void {
    const { immediateRetries, retryAfterMs } = this.rules;
    const later = delivery.record.attempts.length - 1 - immediateRetries;
    if (later < 0) {
      this.#ready.unshift(delivery);
      return;
    }
    delivery.dueAt = now + (retryAfterMs[Math.min(later, retryAfterMs.length - 1)] ?? 0);
    this.#delayed.add(delivery);
  }

  #dropUnwanted(): void {
    for (const delivery of [...this.#delayed].filter((waiting) => !this.#isWanted(waiting))) {
      this.#delayed.delete(delivery);
      this.#ledger.settled(delivery.record, 'given-up');
    }
  }

  #isWanted({ record }: Delivery): boolean {
    return record.pageIds.some((pageId) => this.#health.isSubscribed(pageId));
  }

  #rest(now: number): void {
    clearTimeout(this.#timer);
    const { nextDueAt } = this.facts();
    if (nextDueAt === null) return;
    const nap = Math.max(SHORTEST_NAP_MS, Math.min(nextDueAt - now, LONGEST_NAP_MS));
    this.#timer = setTimeout(() => this.pump(), nap).unref();
  }
}
