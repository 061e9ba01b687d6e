import type { SimPage } from '../data/model.ts';

/** A rendered answer, ready to be sent. */
export interface CachedAnswer {
  readonly body: Buffer;
  readonly rows: number;
  readonly messages: number;
}

interface Entry extends CachedAnswer {
  readonly page: SimPage;
  readonly revision: number;
}

/**
 * Keeps rendered answers for benchmarks, where the simulator must cost nothing. An answer is good until its
 * page's data changes; cursors in it keep the time at which they were first issued.
 */
export class AnswerCache {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** Zero bytes keep nothing. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isOff(): boolean {
    return this.#capacity === 0;
  }

  get(key: string, page: SimPage): CachedAnswer | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (entry.page === page && entry.revision === page.revision) return entry;
    this.#drop(key, entry);
    return null;
  }

  set(key: string, page: SimPage, answer: CachedAnswer): void {
    if (answer.body.length > this.#capacity) return;
    this.#entries.set(key, { ...answer, page, revision: page.revision });
    this.#bytes += answer.body.length;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#capacity) break;
      this.#drop(oldest, entry);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.body.length;
  }
}
