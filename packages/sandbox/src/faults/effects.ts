import { PLAIN, type Shaping } from '../graph/edges.ts';
import type { Breakage } from '../graph/render.ts';
import type { Fault, FaultOf } from './schema.ts';

/** A fault that is answered in place of what was asked for. */
export type Refusal = FaultOf<'error' | 'reduce-data' | 'throttle' | 'expire-token' | 'html' | 'raw'>;

/** What the faults that hit a call do to it, taken together. */
export interface Effects {
  readonly names: readonly string[];
  readonly mutations: readonly FaultOf<'mutate'>[];
  /** The first of them; later ones have no effect. */
  readonly refusal: Refusal | null;
  readonly shaping: Shaping;
  readonly breakages: readonly Breakage[];
  readonly transport: Transport;
}

/** What happens to an answer between the source and the client. */
export interface Transport {
  /** Milliseconds before the headers. */
  readonly delayMs: number;
  readonly slowBody: { readonly ms: number; readonly chunks: number } | null;
  readonly reset: 'before' | 'during' | null;
  readonly hang: boolean;
  /** Share of the body that is sent, with a length to match. */
  readonly truncateTo: number | null;
  readonly malformed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const SMOOTH: Transport = {
  delayMs: 0,
  slowBody: null,
  reset: null,
  hang: false,
  truncateTo: null,
  malformed: false,
  headers: {},
};

export const NO_EFFECTS: Effects = {
  names: [],
  mutations: [],
  refusal: null,
  shaping: PLAIN,
  breakages: [],
  transport: SMOOTH,
};

/** Adds faults up. `jitter` draws a whole number below its argument. */
export function effectsOf(faults: readonly Fault[], jitter: (below: number) => number): Effects {
  let effects = NO_EFFECTS;
  for (const fault of faults) effects = { ...effects, ...addFault(effects, fault, jitter) };
  return { ...effects, names: faults.map((fault) => fault.type) };
}

function addFault(effects: Effects, fault: Fault, jitter: (below: number) => number): Partial<Effects> {
  const { shaping, transport } = effects;
  const shape = (more: Partial<Shaping>): Partial<Effects> => ({ shaping: { ...shaping, ...more } });
  const carry = (more: Partial<Transport>): Partial<Effects> => ({ transport: { ...transport, ...more } });
  switch (fault.type) {
    case 'empty-page':
      return shape({ empty: true });
    case 'short-page':
      return shape({ shortTo: fault.rows });
    case 'missing-paging':
      return shape({ omitPaging: true });
    case 'dangling-next':
      return shape({ danglingNext: true });
    case 'reversed-page':
      return shape({ reverse: true });
    case 'stale-cursor':
      return shape({ cursors: staleCursors(fault) });
    case 'broken-record':
      return { breakages: [...effects.breakages, breakageOf(fault)] };
    case 'mutate':
      return { mutations: [...effects.mutations, fault] };
    case 'latency':
      return carry({ delayMs: transport.delayMs + fault.ms + jitter(fault.jitterMs) });
    case 'slow-headers':
      return carry({ delayMs: transport.delayMs + fault.ms });
    case 'slow-body':
      return carry({ slowBody: fault });
    case 'reset':
      return carry({ reset: fault.when });
    case 'hang':
      return carry({ hang: true });
    case 'truncated-json':
      return carry({ truncateTo: fault.share });
    case 'malformed-json':
      return carry({ malformed: true });
    case 'headers':
      return carry({ headers: { ...transport.headers, ...fault.headers } });
    default:
      return { refusal: effects.refusal ?? fault };
  }
}

function staleCursors(fault: FaultOf<'stale-cursor'>): Shaping['cursors'] {
  const wrong = fault.mode === 'wrong-position';
  return {
    refuse: fault.mode === 'wrong-position' ? null : fault.mode,
    shift: wrong ? fault.shift : 0,
    onlyAfterMutation: fault.onlyAfterMutation,
    olderThanMs: fault.olderThanMs ?? null,
  };
}

function breakageOf(fault: FaultOf<'broken-record'>): Breakage {
  const { row, messageRow, key, value } = fault;
  return { row, messageRow, key, json: value === undefined ? null : JSON.stringify(value) };
}
