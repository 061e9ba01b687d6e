import type { components } from '@tidemark/client';
import type { ProgressState } from '../output/progress-line.ts';

export type Sync = components['schemas']['Sync'];

/** What is known of the sync, put together from events, figures and the state of the connection. */
export class SyncView {
  sync: Sync | null = null;
  counts: ProgressState['counts'] = [];
  readonly #total: number | null;
  readonly #since = Date.now();
  #lostAt: number | null = null;

  constructor(total: number | null) {
    this.#total = total;
  }

  lostForMs(): number {
    return this.#lostAt === null ? 0 : Date.now() - this.#lostAt;
  }

  /** Notices when the stream breaks and when it is there again. */
  watchFetch(send: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      try {
        const response = await send(input, init);
        this.#lostAt = response.ok ? null : (this.#lostAt ?? Date.now());
        return response;
      } catch (error) {
        this.#lostAt ??= Date.now();
        throw error;
      }
    };
  }

  state(): ProgressState {
    const { sync, counts } = this;
    if (sync === null)
      return { status: 'waiting', counts, percent: null, rate: null, elapsedMs: this.#age() };
    return {
      status: this.#lostAt === null ? sync.status : 'reconnecting',
      counts,
      percent: this.#percent(sync),
      rate: sync.progress.recordsPerSecond,
      elapsedMs: this.#elapsed(sync),
    };
  }

  #percent(sync: Sync): number | null {
    if (this.#total === null) return sync.progress.percent;
    if (sync.status === 'completed') return 100;
    return this.#total === 0 ? 0 : Math.min(99, (sync.progress.records.read / this.#total) * 100);
  }

  /** Of a sync that is over, by the server's clock; of one that runs, since we look: clocks may differ. */
  #elapsed(sync: Sync): number {
    if (sync.startedAt === null || sync.finishedAt === null) return this.#age();
    return Date.parse(sync.finishedAt) - Date.parse(sync.startedAt);
  }

  #age(): number {
    return Date.now() - this.#since;
  }
}
