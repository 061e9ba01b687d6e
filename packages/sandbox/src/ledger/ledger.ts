import type { Behaviour, SimPage } from '../data/model.ts';
import type { GraphSource } from '../data/source.ts';
import { type CallFilter, CallLog, type CallRecord } from './calls.ts';
import { type Expected, type ExpectedOptions, expectedOf } from './expected.ts';

/** What exists and what was served. */
export class Ledger {
  /** Where the server writes; tests read through the methods beside it. */
  readonly log: CallLog;
  readonly #source: GraphSource;
  readonly #behaviourOf: (page: SimPage) => Behaviour;

  constructor(source: GraphSource, behaviourOf: (page: SimPage) => Behaviour, capacity?: number) {
    this.#source = source;
    this.#behaviourOf = behaviourOf;
    this.log = new CallLog(capacity);
  }

  /** What a correct sync of the page stores, as of now; see `Expected`. */
  expected(pageId: string, options: ExpectedOptions = {}): Expected {
    const page = this.#source.page(pageId);
    return expectedOf(page, this.#behaviourOf(page), options);
  }

  /** Calls in order of arrival. */
  calls(filter: CallFilter = {}): CallRecord[] {
    return this.log.calls(filter);
  }

  /** The highest number of arrivals in any sliding window of `ms` milliseconds. */
  maxInWindow(ms: number, filter: CallFilter = {}): number {
    return this.log.maxInWindow(ms, filter);
  }

  /** The most requests under way at once. */
  get maxConcurrent(): number {
    return this.log.maxConcurrent;
  }

  /** The most calls of a kind under way at once, among the calls kept. */
  maxRunning(filter: CallFilter = {}): number {
    return this.log.maxRunning(filter);
  }

  /** Requests under way now. */
  get running(): number {
    return this.log.running;
  }

  /** Requests since the start or the last reset. */
  get total(): number {
    return this.log.total;
  }

  /** Calls that were let go to bound memory. */
  get dropped(): number {
    return this.log.dropped;
  }

  /** Forgets what was served; what exists stays. */
  reset(): void {
    this.log.reset();
  }
}
