import { type Budget, type Cost, Meter, type Percentages } from './meter.ts';
import { GraphError } from './errors.ts';

/** The budgets of the source. The app's is shared by all pages, each of the others exists once per page. */
export interface UsageConfig {
  /** Error 4, header X-App-Usage. */
  readonly app?: Budget | undefined;
  /** Error 17, no header. */
  readonly user?: Budget | undefined;
  /** Error 32, header X-Page-Usage. */
  readonly page?: Budget | undefined;
  /** Error 80001, header X-Business-Use-Case-Usage with type `pages`. */
  readonly pages?: Budget | undefined;
  /** Error 80006, header X-Business-Use-Case-Usage with type `messenger`. */
  readonly messenger?: Budget | undefined;
  /** Error 613, no header: such as two calls a second. */
  readonly custom?: Budget | undefined;
  /** The headers appear only after so many calls. Default 0. */
  readonly headersAfterCalls?: number | undefined;
  /** True: budgets are reported, never enforced; the ledger still tells which calls went over. */
  readonly cooperative?: boolean | undefined;
  /** What a call costs beside counting as one call, in milliseconds of source time. */
  readonly cost?: CostModel | undefined;
}

export interface CostModel {
  readonly cpuMsPerCall?: number | undefined;
  readonly cpuMsPerRow?: number | undefined;
  readonly cpuMsPerMessage?: number | undefined;
  /** total_time is this many times the CPU time. */
  readonly timeFactor?: number | undefined;
}

type Kind = 'app' | 'user' | 'page' | 'pages' | 'messenger' | 'custom';

// In this order, so that the budget of the business use case wins where several are spent.
const KINDS: readonly Kind[] = ['messenger', 'pages', 'custom', 'page', 'user', 'app'];
const CODES: Readonly<Record<Kind, number>> = {
  app: 4,
  user: 17,
  page: 32,
  pages: 80001,
  messenger: 80006,
  custom: 613,
};

export type ThrottleCode = 4 | 17 | 32 | 613 | 80001 | 80006;

/** Keeps the source's budgets: refuses calls that exceed them and reports them in headers. */
export class Usage {
  #config: UsageConfig;
  readonly #now: () => number;
  #meters = new Map<string, Meter>();
  #calls = new Map<string, number>();

  constructor(config: UsageConfig, now: () => number) {
    this.#config = config;
    this.#now = now;
  }

  /** New budgets; everything spent or blocked so far is forgotten. */
  configure(config: UsageConfig): void {
    this.#config = config;
    this.reset();
  }

  reset(): void {
    this.#meters = new Map();
    this.#calls = new Map();
  }

  /** Throws the error of the first budget that is spent, unless budgets are only reported. */
  check(pageId: string): void {
    const now = this.#now();
    for (const kind of KINDS) {
      const meter = this.#meter(kind, pageId);
      if (meter.blockedFor(now) === 0) continue;
      if (this.#config.cooperative === true && !meter.forced) continue;
      const subcode = kind === 'custom' ? { subcode: 1996 } : {};
      throw new GraphError({ code: CODES[kind], status: meter.budget?.status, ...subcode });
    }
  }

  /** Books an answered call. Rows are those of the edge, messages include nested ones. */
  spend(pageId: string, rows: number, messages: number): void {
    const {
      cpuMsPerCall = 20,
      cpuMsPerRow = 1,
      cpuMsPerMessage = 0.5,
      timeFactor = 1.4,
    } = this.#config.cost ?? {};
    const cpuMs = cpuMsPerCall + cpuMsPerRow * rows + cpuMsPerMessage * messages;
    const cost: Cost = { calls: 1, cpuMs, timeMs: cpuMs * timeFactor };
    const now = this.#now();
    for (const kind of KINDS) this.#meter(kind, pageId).spend(now, cost);
    this.#calls.set(pageId, (this.#calls.get(pageId) ?? 0) + 1);
  }

  /** Loses access for so many minutes of the simulator's clock, whatever was spent. */
  block(code: ThrottleCode, pageId: string, minutes: number): void {
    const kind = KINDS.find((item) => CODES[item] === code) ?? 'app';
    this.#meter(kind, pageId).block(this.#now(), minutes * 60_000);
  }

  /** The highest percentage of any budget that applies to the page. */
  highest(pageId: string): number {
    const now = this.#now();
    return Math.max(...KINDS.map((kind) => highestOf(this.#meter(kind, pageId).percentages(now))));
  }

  /** The usage headers of an answer to a call for this page. */
  headers(pageId: string): Record<string, string> {
    const now = this.#now();
    const early = (this.#calls.get(pageId) ?? 0) < (this.#config.headersAfterCalls ?? 0);
    const shown = (kind: Kind): boolean => {
      const meter = this.#meter(kind, pageId);
      return meter.blockedFor(now) > 0 || (meter.budget !== null && !early);
    };
    const headers: Record<string, string> = {};
    if (shown('app')) headers['x-app-usage'] = JSON.stringify(this.#shares('app', pageId, now));
    if (shown('page')) headers['x-page-usage'] = JSON.stringify(this.#shares('page', pageId, now));
    const cases = (['pages', 'messenger'] as const).filter(shown).map((type) => ({
      type,
      ...this.#shares(type, pageId, now),
      estimated_time_to_regain_access: Math.ceil(this.#meter(type, pageId).blockedFor(now) / 60_000),
    }));
    if (cases.length > 0) headers['x-business-use-case-usage'] = JSON.stringify({ [pageId]: cases });
    return headers;
  }

  #shares(kind: Kind, pageId: string, now: number): Record<string, number> {
    const { calls, cpu, time } = this.#meter(kind, pageId).percentages(now);
    return { call_count: calls, total_cputime: cpu, total_time: time };
  }

  #meter(kind: Kind, pageId: string): Meter {
    const key = kind === 'app' ? kind : `${kind} ${pageId}`;
    const known = this.#meters.get(key);
    if (known !== undefined) return known;
    const meter = new Meter(this.#config[kind] ?? null);
    this.#meters.set(key, meter);
    return meter;
  }
}

function highestOf(shares: Percentages): number {
  return Math.max(shares.calls, shares.cpu, shares.time);
}
