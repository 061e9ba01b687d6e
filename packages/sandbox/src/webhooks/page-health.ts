import { APP_ID } from '../data/model.ts';
import type { GraphSource } from '../data/source.ts';
import type { WebhookLedger } from './ledger.ts';

export interface Patience {
  /** Deliveries of a page that failed for so long: the owner is alerted. Default 15 minutes. */
  readonly alertAfterMs: number;
  /** For so long: the app is unsubscribed from the page, and somebody must subscribe it anew. Default an hour. */
  readonly disableAfterMs: number;
}

/** How long the deliveries of each page have been failing, by the simulator's clock. */
export class PageHealth {
  readonly #source: GraphSource;
  readonly #ledger: WebhookLedger;
  readonly #failing = new Map<string, { since: number; alerted: boolean }>();

  constructor(source: GraphSource, ledger: WebhookLedger) {
    this.#source = source;
    this.#ledger = ledger;
  }

  isSubscribed(pageId: string, field?: string): boolean {
    const fields = this.#source.pages.get(pageId)?.subscribedApps.get(APP_ID);
    return fields !== undefined && (field === undefined || fields.includes(field));
  }

  succeeded(pageIds: readonly string[]): void {
    for (const pageId of pageIds) this.#failing.delete(pageId);
  }

  /** Counts a failure at this time; returns the pages that were unsubscribed for it. */
  failed(pageIds: readonly string[], now: number, patience: Patience): string[] {
    return pageIds.filter((pageId) => {
      const state = this.#failing.get(pageId) ?? { since: now, alerted: false };
      this.#failing.set(pageId, state);
      if (now - state.since >= patience.alertAfterMs && !state.alerted) {
        state.alerted = true;
        this.#ledger.alert({ kind: 'failing', pageId, at: now });
      }
      if (now - state.since < patience.disableAfterMs || !this.isSubscribed(pageId)) return false;
      this.#source.pages.get(pageId)?.subscribedApps.delete(APP_ID);
      this.#failing.delete(pageId);
      this.#ledger.alert({ kind: 'unsubscribed', pageId, at: now });
      return true;
    });
  }
}
