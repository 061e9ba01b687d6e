/** What a call asked for: an edge, a single object, or something else. */
export type CallEdge =
  | 'conversations'
  | 'messages'
  | 'conversation'
  | 'message'
  | 'page'
  | 'subscribed_apps'
  | 'other';

/** One request to the simulated source. Never holds a token. */
export interface CallRecord {
  /** Counts from 1 since the start or the last reset. */
  readonly seq: number;
  /** Arrival in milliseconds since the epoch, with fractions; monotonic within a process. */
  readonly at: number;
  readonly method: string;
  /** Path with version, without query. */
  readonly path: string;
  readonly edge: CallEdge;
  /** The page the object belongs to, or null when it is none of ours. */
  pageId: string | null;
  /** The id in the path. */
  readonly objectId: string | null;
  /** The `after` or `before` of the call. */
  readonly cursor: string | null;
  readonly limit: string | null;
  /** Requests under way when this one arrived, itself included. */
  readonly running: number;
  /** HTTP status; null while under way and for connections that were reset before an answer. */
  status: number | null;
  /** Code of the error answered, if any. */
  errorCode: number | null;
  /** Types of the faults applied. */
  faults: readonly string[];
  /** Rows of the edge, and messages including nested ones. */
  rows: number;
  messages: number;
  /** Highest percentage of any budget when the call arrived. */
  usage: number;
  /** Milliseconds from arrival to the end of the answer; null while under way. */
  durationMs: number | null;
}

export interface CallFilter {
  readonly pageId?: string | undefined;
  readonly edge?: CallEdge | undefined;
}

export type NewCall = Pick<
  CallRecord,
  'method' | 'path' | 'edge' | 'pageId' | 'objectId' | 'cursor' | 'limit'
>;

const DEFAULT_CAPACITY = 100_000;

/** What was served. Keeps the latest calls up to its capacity and counts those it let go. */
export class CallLog {
  readonly #capacity: number;
  #calls: CallRecord[] = [];
  #seq = 0;
  #running = 0;
  #maxConcurrent = 0;
  #dropped = 0;

  constructor(capacity: number = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  /** Records an arrival. Pass the record to `end` when its answer is out. */
  begin(call: NewCall): CallRecord {
    this.#running += 1;
    this.#seq += 1;
    this.#maxConcurrent = Math.max(this.#maxConcurrent, this.#running);
    const record: CallRecord = {
      ...call,
      seq: this.#seq,
      at: performance.timeOrigin + performance.now(),
      running: this.#running,
      status: null,
      errorCode: null,
      faults: [],
      rows: 0,
      messages: 0,
      usage: 0,
      durationMs: null,
    };
    this.#calls.push(record);
    // Cut in batches: shifting an array for each call would cost its whole length.
    if (this.#calls.length >= this.#capacity + Math.max(16, this.#capacity / 8)) {
      const surplus = this.#calls.length - this.#capacity;
      this.#calls.splice(0, surplus);
      this.#dropped += surplus;
    }
    return record;
  }

  end(record: CallRecord): void {
    this.#running -= 1;
    record.durationMs = performance.timeOrigin + performance.now() - record.at;
  }

  /** Calls in order of arrival; both conditions must hold. */
  calls(filter: CallFilter = {}): CallRecord[] {
    return this.#calls.filter((call) => matches(call, filter));
  }

  /** Requests since the start or the last reset, dropped ones included. */
  get total(): number {
    return this.#seq;
  }

  /** Calls no longer kept. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Requests under way now. */
  get running(): number {
    return this.#running;
  }

  /** The most requests that were under way at once. */
  get maxConcurrent(): number {
    return this.#maxConcurrent;
  }

  /** The most arrivals in any half-open window of `ms` milliseconds, among the calls kept. */
  maxInWindow(ms: number, filter: CallFilter = {}): number {
    return maxInWindow(
      this.calls(filter).map((call) => call.at),
      ms,
    );
  }

  /** The most calls of a kind that were under way at once, among the calls kept. */
  maxRunning(filter: CallFilter = {}): number {
    return maxOverlap(
      this.calls(filter).map((call) => [call.at, call.at + (call.durationMs ?? Number.POSITIVE_INFINITY)]),
    );
  }

  /** Forgets all calls. Requests under way stay counted as running. */
  reset(): void {
    this.#calls = [];
    this.#seq = 0;
    this.#dropped = 0;
    this.#maxConcurrent = this.#running;
  }
}

/** The most of these ascending times in any half-open window [t, t + ms). */
export function maxInWindow(times: readonly number[], ms: number): number {
  let most = 0;
  let first = 0;
  times.forEach((time, index) => {
    while (time - (times[first] ?? time) >= ms) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

/** The most of these half-open spans [start, end) that cover one point in time. */
export function maxOverlap(spans: readonly (readonly [number, number])[]): number {
  const starts = spans.map(([start]) => start).sort((a, b) => a - b);
  const ends = spans.map(([, end]) => end).sort((a, b) => a - b);
  let most = 0;
  let ended = 0;
  starts.forEach((start, index) => {
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= start) ended += 1;
    most = Math.max(most, index + 1 - ended);
  });
  return most;
}

function matches(call: CallRecord, filter: CallFilter): boolean {
  if (filter.pageId !== undefined && call.pageId !== filter.pageId) return false;
  return filter.edge === undefined || call.edge === filter.edge;
}
