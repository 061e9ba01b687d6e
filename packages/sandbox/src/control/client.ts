import type { Behaviour, Platform } from '../data/model.ts';
import type { PageSpec } from '../data/seed-page.ts';
import type { RuleState } from '../faults/board.ts';
import type { FaultRuleInput } from '../faults/schema.ts';
import type { Latency } from '../graph/simulation.ts';
import type { UsageConfig } from '../graph/usage.ts';
import type { CallFilter, CallRecord } from '../ledger/calls.ts';
import type { Expected, ExpectedTotals } from '../ledger/expected.ts';
import type { Callback, Handshake } from '../webhooks/handshake.ts';
import type { TrafficSpec, WebhookSettings } from '../webhooks/sender.ts';
import type { Health, MutationAnswer, WebhookFacts, WindowFacts } from './answers.ts';
import type { MutationInput, TokenInput } from './schemas.ts';

/** The simulator refused a control call. */
export class SimulatorControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'SimulatorControlError';
    this.status = status;
  }
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Drives a simulator that runs in another process, over its control surface. */
export class SimulatorControl {
  readonly url: string;

  /** `url` as the simulator tells it, without a slash at the end. */
  constructor(url: string) {
    this.url = url;
  }

  health(): Promise<Health> {
    return this.#call('GET', 'health');
  }

  /** What a correct sync of the page stores, as of now. */
  expected(pageId: string, options: { platform?: Platform; totalsOnly?: boolean } = {}): Promise<Expected> {
    return this.#call('GET', 'ledger/expected', { pageId, ...options });
  }

  /** Calls in order of arrival; with `since` only those of a higher `seq`. */
  async calls(filter: CallFilter & { since?: number } = {}): Promise<CallRecord[]> {
    const { calls } = await this.#call<{ calls: CallRecord[] }>('GET', 'ledger/calls', { ...filter });
    return calls;
  }

  /** The most arrivals in any sliding window of `ms` milliseconds, and the counters beside it. */
  window(ms: number, filter: CallFilter = {}): Promise<WindowFacts> {
    return this.#call('GET', 'ledger/window', { ms, ...filter });
  }

  async resetLedger(): Promise<void> {
    await this.#call('DELETE', 'ledger');
  }

  /** Adds rules and returns their ids. */
  async addFaults(...rules: readonly FaultRuleInput[]): Promise<string[]> {
    const { ids } = await this.#call<{ ids: string[] }>('POST', 'faults', {}, rules);
    return ids;
  }

  async listFaults(): Promise<RuleState[]> {
    const { faults } = await this.#call<{ faults: RuleState[] }>('GET', 'faults');
    return faults;
  }

  /** Takes one rule away, or all of them. */
  async removeFaults(id?: string): Promise<void> {
    await this.#call('DELETE', 'faults', { id });
  }

  mutate(mutation: MutationInput): Promise<MutationAnswer> {
    return this.#call('POST', 'mutate', {}, mutation);
  }

  /** Ends or renews a page's token. */
  async token(input: TokenInput): Promise<void> {
    await this.#call('POST', 'token', {}, input);
  }

  async addPage(spec: PageSpec): Promise<ExpectedTotals> {
    const { totals } = await this.#call<{ totals: ExpectedTotals }>('POST', 'pages', {}, spec);
    return totals;
  }

  async removePage(pageId: string): Promise<void> {
    await this.#call('DELETE', 'pages', { pageId });
  }

  async configure(behaviour: Partial<Behaviour>, pageId?: string): Promise<void> {
    await this.#call('POST', 'configure', {}, { behaviour, pageId });
  }

  /** New budgets, with nothing spent. */
  async setUsage(usage: UsageConfig): Promise<void> {
    await this.#call('POST', 'usage', {}, usage);
  }

  async setLatency(latency: Latency): Promise<void> {
    await this.#call('POST', 'latency', {}, latency);
  }

  /** Moves the simulator's clock; returns its time in milliseconds since the epoch. */
  async advanceClock(ms: number): Promise<number> {
    const { now } = await this.#call<{ now: number }>('POST', 'clock', {}, { advanceMs: ms });
    return now;
  }

  /** Shakes hands with a receiver of webhooks, and sends there from now on if it answers as it must. */
  connectWebhooks(callback: Callback): Promise<Handshake> {
    return this.#call('POST', 'webhooks/callback', {}, callback);
  }

  async configureWebhooks(settings: Partial<WebhookSettings>): Promise<void> {
    await this.#call('POST', 'webhooks/settings', {}, settings);
  }

  /** Lets things happen on subscribed pages; comes back at once. */
  async startTraffic(spec: TrafficSpec): Promise<void> {
    await this.#call('POST', 'webhooks/traffic', {}, spec);
  }

  /** Waits until nothing is to be sent now, with `settled` also for every retry. False when time is up. */
  async webhooksIdle(options: { settled?: boolean; timeoutMs?: number } = {}): Promise<boolean> {
    const { idle } = await this.#call<{ idle: boolean }>('GET', 'webhooks/idle', options);
    return idle;
  }

  webhooks(filter: { pageId?: string } = {}): Promise<WebhookFacts> {
    return this.#call('GET', 'webhooks/ledger', filter);
  }

  /** Forgets calls, faults, spent budgets and settled deliveries; data and settings stay. */
  async reset(): Promise<void> {
    await this.#call('POST', 'reset');
  }

  async #call<T>(method: string, path: string, query: Query = {}, body?: unknown): Promise<T> {
    const url = new URL(`${this.url}/_sim/${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(url, init);
    const answer = (await response.json()) as { error?: { message: string } };
    if (!response.ok) {
      throw new SimulatorControlError(response.status, answer.error?.message ?? response.statusText);
    }
    return answer as T;
  }
}
