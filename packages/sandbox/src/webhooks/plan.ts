import type { Random } from '../data/random.ts';
import type { PageEvent } from './event.ts';

/** How far deliveries stray from one event each, once, in order. All shares from 0 to 1. */
export interface Disorder {
  /** Bodies that come again: half of them byte for byte, half as one of their events in another envelope. */
  readonly duplicates: number;
  /** Events that trade their place with another one of their wave. */
  readonly reorder: number;
  /** Bodies that carry several events, in one entry or several, of one page or several. */
  readonly batches: number;
  /** At most so many events in a body; the source allows 1000. */
  readonly maxBatch: number;
  /** Edits that come before the message they edit, when both are in one wave. */
  readonly editsFirst: number;
}

export const IN_ORDER: Disorder = { duplicates: 0, reorder: 0, batches: 0, maxBatch: 5, editsFirst: 0 };

export interface PlannedEntry {
  readonly pageId: string;
  /** Milliseconds since the epoch, as `time` of the entry tells it. */
  readonly time: number;
  readonly events: readonly PageEvent[];
}

export interface PlannedBody {
  readonly entries: readonly PlannedEntry[];
  /** All of its events are in an earlier body as well. */
  readonly repeats: boolean;
}

/** Which bodies a wave of events becomes, in the order of sending. The same `random` plans the same. */
export function planBodies(events: readonly PageEvent[], disorder: Disorder, random: Random): PlannedBody[] {
  const order = editsForward(displace(events, disorder.reorder, random), disorder.editsFirst, random);
  const bodies: PlannedBody[] = [];
  for (let next = 0; next < order.length; ) {
    const size = random.chance(disorder.batches) ? 2 + random.int(Math.max(1, disorder.maxBatch - 1)) : 1;
    bodies.push({ entries: entriesOf(order.slice(next, next + size), random), repeats: false });
    next += size;
  }
  return withDuplicates(bodies, disorder.duplicates, random);
}

/** The body as text, before it is escaped. */
export function renderBody({ entries }: PlannedBody): string {
  const rendered = entries.map(({ pageId, time, events }) => {
    const lists = (['messaging', 'standby'] as const).flatMap((name) => {
      const items = events.filter((event) => event.standby === (name === 'standby'));
      return items.length === 0 ? [] : [`"${name}":[${items.map((event) => event.json).join(',')}]`];
    });
    return `{"id":${JSON.stringify(pageId)},"time":${time},${lists.join(',')}}`;
  });
  return `{"object":"page","entry":[${rendered.join(',')}]}`;
}

function displace(events: readonly PageEvent[], share: number, random: Random): PageEvent[] {
  const order = [...events];
  for (let i = 0; i < order.length; i += 1) {
    if (share === 0 || !random.chance(share)) continue;
    const j = random.int(order.length);
    const [one, other] = [order[i], order[j]];
    if (one === undefined || other === undefined) continue;
    order[i] = other;
    order[j] = one;
  }
  return order;
}

function editsForward(events: readonly PageEvent[], share: number, random: Random): PageEvent[] {
  const order = [...events];
  for (const edit of events) {
    if (edit.kind !== 'edit' || share === 0 || !random.chance(share)) continue;
    const message = order.findIndex(
      (event) => event.messageId === edit.messageId && (event.kind === 'message' || event.kind === 'echo'),
    );
    const own = order.indexOf(edit);
    if (message === -1 || message > own) continue;
    order.splice(own, 1);
    order.splice(message, 0, edit);
  }
  return order;
}

function entriesOf(events: readonly PageEvent[], random: Random): PlannedEntry[] {
  const entries: { pageId: string; events: PageEvent[] }[] = [];
  for (const event of events) {
    const last = entries.at(-1);
    if (last?.pageId === event.pageId && random.chance(0.5)) last.events.push(event);
    else entries.push({ pageId: event.pageId, events: [event] });
  }
  return entries.map((entry) => ({ ...entry, time: Math.max(...entry.events.map((event) => event.at)) }));
}

function withDuplicates(bodies: readonly PlannedBody[], share: number, random: Random): PlannedBody[] {
  const planned = [...bodies];
  for (const body of bodies) {
    if (share === 0 || !random.chance(share)) continue;
    const copy = random.chance(0.5) ? body : rewrapped(body, random);
    const own = planned.indexOf(body);
    planned.splice(own + 1 + random.int(planned.length - own), 0, { ...copy, repeats: true });
  }
  return planned;
}

function rewrapped({ entries }: PlannedBody, random: Random): PlannedBody {
  const entry = random.pick(entries);
  const time = entry.time + 1 + random.int(5_000);
  return { entries: [{ pageId: entry.pageId, time, events: [random.pick(entry.events)] }], repeats: true };
}
