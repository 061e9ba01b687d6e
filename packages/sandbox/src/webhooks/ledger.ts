import type { PageEvent } from './event.ts';
import type { PostResult } from './post.ts';

/** `not-subscribed`: the page heard nothing of it. `given-up`: it was tried, and never acknowledged. */
export type EventOutcome = 'waiting' | 'acknowledged' | 'given-up' | 'not-subscribed';

export interface EventRecord extends Omit<PageEvent, 'json'> {
  outcome: EventOutcome;
  /** How many deliveries with it were acknowledged: more than one are duplicates. */
  acknowledgements: number;
}

export interface AttemptRecord extends PostResult {
  /** Milliseconds since the epoch on the simulator's clock, when it ended. */
  readonly at: number;
}

export interface DeliveryRecord {
  /** Counts from 1 in the order in which bodies were planned. */
  readonly seq: number;
  readonly pageIds: readonly string[];
  /** `seq` of its events, in the order of the body. */
  readonly events: readonly number[];
  readonly bytes: number;
  /** All of its events are in an earlier delivery as well. */
  readonly repeats: boolean;
  readonly attempts: AttemptRecord[];
  outcome: Exclude<EventOutcome, 'not-subscribed'>;
}

/** What the owner of the app is told about a page whose deliveries fail. */
export interface WebhookAlert {
  readonly kind: 'failing' | 'unsubscribed';
  readonly pageId: string;
  readonly at: number;
}

export interface WebhookTotals {
  readonly events: Readonly<Record<EventOutcome, number>>;
  readonly deliveries: Readonly<Record<DeliveryRecord['outcome'], number>>;
  readonly repeats: number;
  readonly attempts: number;
  readonly failedAttempts: number;
}

/** What happened, what was sent of it, what was acknowledged, and what was given up. */
export class WebhookLedger {
  readonly #events = new Map<number, { record: EventRecord; open: number }>();
  readonly #deliveries = new Map<number, DeliveryRecord>();
  #alerts: WebhookAlert[] = [];
  #seq = 0;

  happened({ json: _, ...facts }: PageEvent, subscribed: boolean): void {
    const outcome = subscribed ? 'waiting' : 'not-subscribed';
    this.#events.set(facts.seq, { record: { ...facts, outcome, acknowledgements: 0 }, open: 0 });
  }

  planned(delivery: Pick<DeliveryRecord, 'pageIds' | 'events' | 'bytes' | 'repeats'>): DeliveryRecord {
    this.#seq += 1;
    const record: DeliveryRecord = { ...delivery, seq: this.#seq, attempts: [], outcome: 'waiting' };
    this.#deliveries.set(record.seq, record);
    for (const seq of record.events) {
      const event = this.#events.get(seq);
      if (event !== undefined) event.open += 1;
    }
    return record;
  }

  settled(delivery: DeliveryRecord, outcome: 'acknowledged' | 'given-up'): void {
    delivery.outcome = outcome;
    for (const seq of delivery.events) {
      const event = this.#events.get(seq);
      if (event === undefined) continue;
      event.open -= 1;
      if (outcome === 'acknowledged') {
        event.record.acknowledgements += 1;
        event.record.outcome = 'acknowledged';
      } else if (event.record.outcome === 'waiting' && event.open === 0) {
        event.record.outcome = 'given-up';
      }
    }
  }

  alert(alert: WebhookAlert): void {
    this.#alerts.push(alert);
  }

  /** In the order in which they happened. */
  events(filter: { readonly pageId?: string | undefined } = {}): EventRecord[] {
    const records = [...this.#events.values()].map(({ record }) => ({ ...record }));
    return records.filter((event) => filter.pageId === undefined || event.pageId === filter.pageId);
  }

  /** In the order in which they were planned. */
  deliveries(filter: { readonly pageId?: string | undefined } = {}): DeliveryRecord[] {
    const { pageId } = filter;
    const records = [...this.#deliveries.values()];
    return records.filter((delivery) => pageId === undefined || delivery.pageIds.includes(pageId));
  }

  alerts(): readonly WebhookAlert[] {
    return [...this.#alerts];
  }

  totals(): WebhookTotals {
    const events = { waiting: 0, acknowledged: 0, 'given-up': 0, 'not-subscribed': 0 };
    for (const { record } of this.#events.values()) events[record.outcome] += 1;
    const deliveries = { waiting: 0, acknowledged: 0, 'given-up': 0 };
    let [repeats, attempts, failedAttempts] = [0, 0, 0];
    for (const delivery of this.#deliveries.values()) {
      deliveries[delivery.outcome] += 1;
      repeats += delivery.repeats ? 1 : 0;
      attempts += delivery.attempts.length;
      failedAttempts += delivery.attempts.filter((attempt) => attempt.status !== 200).length;
    }
    return { events, deliveries, repeats, attempts, failedAttempts };
  }

  /** Forgets everything but what still waits. */
  reset(): void {
    for (const [seq, { record, open }] of this.#events) {
      if (record.outcome !== 'waiting' && open === 0) this.#events.delete(seq);
    }
    for (const [seq, { outcome }] of this.#deliveries) {
      if (outcome !== 'waiting') this.#deliveries.delete(seq);
    }
    this.#alerts = [];
  }
}
