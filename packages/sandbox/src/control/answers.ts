import type { Behaviour } from '../data/model.ts';
import type { Latency } from '../graph/simulation.ts';
import type { DeliveryRecord, EventRecord, WebhookAlert, WebhookTotals } from '../webhooks/ledger.ts';
import type { SenderStatus } from '../webhooks/sender.ts';

/** What `GET /_sim/health` tells. */
export interface Health {
  readonly ok: true;
  /** Milliseconds since the epoch on the simulator's clock. */
  readonly now: number;
  readonly behaviour: Partial<Behaviour>;
  readonly latency: Latency;
  readonly pages: readonly PageFacts[];
}

export interface PageFacts {
  readonly pageId: string;
  readonly name: string;
  readonly accessToken: string;
  readonly conversations: number;
  readonly messages: number;
  readonly subscribedFields: readonly string[];
}

/** What `GET /_sim/ledger/window` tells. */
export interface WindowFacts {
  /** The most arrivals in any window of the length asked for. */
  readonly max: number;
  /** Calls that match the filter, among those kept. */
  readonly calls: number;
  /** The most of them under way at once. */
  readonly maxRunning: number;
  /** All requests since the start or the last reset. */
  readonly total: number;
  readonly dropped: number;
  /** The most requests of any kind under way at once. */
  readonly maxConcurrent: number;
  readonly running: number;
}

/** What `POST /_sim/mutate` tells: the record it changed. */
export interface MutationAnswer {
  readonly conversationId: string;
  readonly messageId: string | null;
}

/** What `GET /_sim/webhooks/ledger` tells. */
export interface WebhookFacts {
  readonly status: SenderStatus;
  readonly totals: WebhookTotals;
  readonly events: readonly EventRecord[];
  readonly deliveries: readonly DeliveryRecord[];
  readonly alerts: readonly WebhookAlert[];
}
