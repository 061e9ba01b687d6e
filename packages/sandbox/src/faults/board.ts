import { createRandom, type Random } from '../data/random.ts';
import type { CallEdge } from '../ledger/calls.ts';
import { type Fault, type FaultRule, type FaultRuleInput, faultRuleSchema } from './schema.ts';

/** What of a call the rules look at. */
export interface FaultTarget {
  readonly method: string;
  readonly edge: CallEdge;
  readonly pageId: string | null;
  readonly objectId: string | null;
  /** Path and query without the token. */
  readonly path: string;
  readonly hasCursor: boolean;
  /** limit x nested limit. */
  readonly wantedRows: number;
}

/** A rule with its counters. */
export interface RuleState {
  readonly id: string;
  readonly rule: FaultRule;
  readonly matched: number;
  readonly applied: number;
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  readonly path: RegExp | null;
  matched: number;
  applied: number;
}

/** The faults in force. Rules are tried in the order in which they were added; several may hit one call. */
export class FaultBoard {
  readonly #seed: string;
  #random: Random;
  #entries: Entry[] = [];
  #nextId = 1;

  constructor(seed: string) {
    this.#seed = `${seed} faults`;
    this.#random = createRandom(this.#seed);
  }

  /** Adds a rule and returns its id. Throws a ZodError for a rule that is none. */
  add(input: FaultRuleInput): string {
    const rule = faultRuleSchema.parse(input);
    const id = rule.id ?? `fault-${this.#nextId++}`;
    this.remove(id);
    const path = rule.when.path === undefined ? null : new RegExp(rule.when.path);
    this.#entries.push({ id, rule, path, matched: 0, applied: 0 });
    return id;
  }

  /** Changes the data of the page being read on each so-manieth call: a message in a random thread. */
  mutateEvery(calls: number, when: FaultRuleInput['when'] = {}): string {
    return this.add({ fault: { type: 'mutate' }, when, every: calls });
  }

  /** Takes a rule away; false when there is none of this id. */
  remove(id: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  /** Takes all rules away and starts the seeded draws anew. */
  clear(): void {
    this.#entries = [];
    this.#random = createRandom(this.#seed);
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  list(): RuleState[] {
    return this.#entries.map(({ id, rule, matched, applied }) => ({ id, rule, matched, applied }));
  }

  /** The faults that hit this call. Counts the call against every rule it matches. */
  take(target: FaultTarget): Fault[] {
    const faults: Fault[] = [];
    for (const entry of this.#entries) {
      if (!matches(entry, target)) continue;
      entry.matched += 1;
      if (!this.#hits(entry)) continue;
      entry.applied += 1;
      faults.push(entry.rule.fault);
    }
    return faults;
  }

  #hits({ rule, matched, applied }: Entry): boolean {
    const turn = matched - rule.after;
    if (turn < 1) return false;
    if (rule.count !== undefined && applied >= rule.count) return false;
    if (rule.nth !== undefined && ![rule.nth].flat().includes(turn)) return false;
    if (rule.every !== undefined && turn % rule.every !== 0) return false;
    return rule.probability === undefined || this.#random.chance(rule.probability);
  }
}

function matches({ rule, path }: Entry, target: FaultTarget): boolean {
  const { when } = rule;
  if (when.pageId !== undefined && when.pageId !== target.pageId) return false;
  if (when.edge !== undefined && when.edge !== target.edge) return false;
  if (when.method !== undefined && when.method.toUpperCase() !== target.method) return false;
  if (when.objectId !== undefined && when.objectId !== target.objectId) return false;
  if (when.cursor !== undefined && (when.cursor === 'later') !== target.hasCursor) return false;
  if (when.minRows !== undefined && target.wantedRows < when.minRows) return false;
  return path === null || path.test(target.path);
}
