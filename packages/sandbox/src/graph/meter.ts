/** What may be spent within a window; 100 percent of any part of it is too much. */
export interface Budget {
  readonly calls?: number | undefined;
  readonly cpuMs?: number | undefined;
  readonly timeMs?: number | undefined;
  /** Length of the sliding window in milliseconds on the simulator's clock. */
  readonly windowMs: number;
  /** Minutes until access is regained once the budget is spent. Default: the window's length. */
  readonly regainMinutes?: number | undefined;
  /** HTTP status of the refusal, when not the usual one of its code. */
  readonly status?: number | undefined;
}

export interface Cost {
  readonly calls: number;
  readonly cpuMs: number;
  readonly timeMs: number;
}

export interface Percentages {
  readonly calls: number;
  readonly cpu: number;
  readonly time: number;
}

interface Spent extends Cost {
  readonly at: number;
}

/** Counts spending against a budget in a sliding window. Times are milliseconds of the simulator's clock. */
export class Meter {
  readonly budget: Budget | null;
  #spent: Spent[] = [];
  #first = 0;
  #total = { calls: 0, cpuMs: 0, timeMs: 0 };
  #blockedUntil: number | null = null;
  #forced = false;

  /** Without a budget it only refuses while blocked. */
  constructor(budget: Budget | null) {
    this.budget = budget;
  }

  spend(now: number, cost: Cost): void {
    if (this.budget === null) return;
    this.#spent.push({ ...cost, at: now });
    this.#add(cost, 1);
    const most = this.percentages(now);
    if (Math.max(most.calls, most.cpu, most.time) < 100) return;
    const { regainMinutes, windowMs } = this.budget;
    this.#blockedUntil ??= now + (regainMinutes === undefined ? windowMs : regainMinutes * 60_000);
  }

  /** Refuses everything for so many milliseconds from now. */
  block(now: number, ms: number): void {
    this.#blockedUntil = now + ms;
    this.#forced = true;
  }

  /** True while blocked by `block` and not by spending. */
  get forced(): boolean {
    return this.#forced;
  }

  /** Milliseconds until access is regained; 0 when it is not lost. */
  blockedFor(now: number): number {
    if (this.#blockedUntil === null) return 0;
    if (this.#blockedUntil > now) return this.#blockedUntil - now;
    // Regained: the source starts counting anew.
    this.#blockedUntil = null;
    this.#forced = false;
    this.#spent = [];
    this.#first = 0;
    this.#total = { calls: 0, cpuMs: 0, timeMs: 0 };
    return 0;
  }

  /** Whole percents of each part; a blocked meter without a budget shows 100 calls. */
  percentages(now: number): Percentages {
    const blocked = this.blockedFor(now) > 0;
    if (this.budget === null) return { calls: blocked ? 100 : 0, cpu: 0, time: 0 };
    this.#forget(now - this.budget.windowMs);
    return {
      calls: percent(this.#total.calls, this.budget.calls),
      cpu: percent(this.#total.cpuMs, this.budget.cpuMs),
      time: percent(this.#total.timeMs, this.budget.timeMs),
    };
  }

  #forget(until: number): void {
    for (;;) {
      const oldest = this.#spent[this.#first];
      if (oldest === undefined || oldest.at > until) break;
      this.#add(oldest, -1);
      this.#first += 1;
    }
    if (this.#first < 1024) return;
    this.#spent = this.#spent.slice(this.#first);
    this.#first = 0;
  }

  #add(cost: Cost, sign: 1 | -1): void {
    this.#total.calls += sign * cost.calls;
    this.#total.cpuMs += sign * cost.cpuMs;
    this.#total.timeMs += sign * cost.timeMs;
  }
}

function percent(spent: number, budget: number | undefined): number {
  return budget === undefined ? 0 : Math.floor((spent / budget) * 100);
}
