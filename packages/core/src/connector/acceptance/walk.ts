import { canonicalJson, compareCodePoints } from '../../hashing/index.ts';
import { identitiesOf } from '../../records/index.ts';
import type { AnyConnector, AnyStream, Page, PositionChange, PositionReader, SourceIo } from '../contract.ts';

/** A source with known content, and how to reach it. The suite never changes it. */
export interface AcceptanceSource {
  config: unknown;
  credentials: unknown;
  /** Every record a full walk must yield, as `identitiesOf` names them. */
  expectedKeys: ReadonlySet<string>;
  /** A transport that honours `signal` as the engine's does: an aborted one rejects. */
  io(signal: AbortSignal): SourceIo;
}

/** For sources that are not reached over the network: whoever calls it is told. */
export const noNetwork: AcceptanceSource['io'] = () => ({
  fetch: () => Promise.reject(new AcceptanceError('This source has no network.')),
});

/** Positions as the engine keeps them. */
export type Positions = Map<string, unknown>;

/** Reads positions that are held in memory, each passed through JSON as the engine does. */
export function memoryPositions(held: ReadonlyMap<string, unknown>): PositionReader {
  return {
    between: async ({ after, through }) => {
      const inRange = [...held].filter(
        ([key]) =>
          (after === null || compareCodePoints(key, after) > 0) &&
          (through === null || compareCodePoints(key, through) <= 0),
      );
      const ordered = inRange.toSorted(([one], [other]) => compareCodePoints(one, other));
      return new Map(ordered.map(([key, position]) => [key, JSON.parse(JSON.stringify(position))]));
    },
  };
}

function applyPositions(held: Positions, changes: readonly PositionChange[]): void {
  for (const { key, position } of changes) {
    if (position === null) held.delete(key);
    else held.set(key, position);
  }
}

/** Thrown by a check; the message says what the connector did wrong. */
export class AcceptanceError extends Error {
  override readonly name = 'AcceptanceError';
  readonly code = 'connector_not_acceptable';
}

/** One page of a walk, as the engine would have seen it. */
export interface Step {
  checkpoint: unknown;
  page: Page<unknown, unknown>;
  calls: number;
  /** The positions the page was read with. */
  positions: Positions;
}

/** No test source is so large; a walk that takes more goes round in circles. */
export const STEPS_MAX = 5_000;

/** Fetches the page at a checkpoint, counting the calls it makes. */
export async function fetchStep(
  source: AcceptanceSource,
  stream: AnyStream,
  at: { checkpoint: unknown; positions: Positions },
  signal: AbortSignal = new AbortController().signal,
): Promise<Step> {
  const { checkpoint, positions } = at;
  let calls = 0;
  const inner = source.io(signal);
  const io: SourceIo = {
    fetch: (request) => {
      calls += 1;
      return inner.fetch(request);
    },
  };
  const { config, credentials } = source;
  const page = await stream.fetchPage({
    config,
    credentials,
    checkpoint,
    io,
    positions: memoryPositions(positions),
    signal,
  });
  return { checkpoint, page, calls, positions };
}

/**
 * Walks a stream to its end, passing every checkpoint through JSON and its schema as the engine does. Positions begin
 * as given, or with none.
 */
export async function walk(
  source: AcceptanceSource,
  stream: AnyStream,
  watermark: unknown,
  known: ReadonlyMap<string, unknown> = new Map(),
): Promise<Step[]> {
  const steps: Step[] = [];
  const held: Positions = new Map(known);
  let checkpoint: unknown = stream.start({ config: source.config, watermark });
  while (checkpoint !== null) {
    if (steps.length >= STEPS_MAX)
      throw new AcceptanceError(`The walk did not end within ${STEPS_MAX} pages.`);
    const at = { checkpoint: restore(stream, checkpoint), positions: new Map(held) };
    const step = await fetchStep(source, stream, at);
    steps.push(step);
    applyPositions(held, step.page.positions ?? []);
    checkpoint = step.page.next;
  }
  return steps;
}

/** The positions a walk left behind. */
export function positionsAfter(steps: readonly Step[]): Positions {
  const held: Positions = new Map(steps.at(0)?.positions);
  for (const { page } of steps) applyPositions(held, page.positions ?? []);
  return held;
}

/** A checkpoint as it comes back from storage. */
export function restore(stream: AnyStream, checkpoint: unknown): unknown {
  const parsed = stream.checkpoint.safeParse(JSON.parse(JSON.stringify(checkpoint)));
  if (parsed.success) return parsed.data;
  throw new AcceptanceError(
    `A checkpoint of "${stream.name}" does not fit its own schema: ${parsed.error.message}`,
  );
}

/** The records of a page by key, as text that can be compared. */
export function contentOf(page: Page<unknown, unknown>): Map<string, string> {
  return new Map(page.records.flatMap(identitiesOf).map(({ key, contentHash }) => [key, contentHash]));
}

/** Walks every stream of a connector from nothing. */
export async function walkAll(
  connector: AnyConnector,
  source: AcceptanceSource,
): Promise<Map<AnyStream, Step[]>> {
  const walks = new Map<AnyStream, Step[]>();
  for (const stream of connector.streams) walks.set(stream, await walk(source, stream, null));
  return walks;
}

export function describeCheckpoint(checkpoint: unknown): string {
  return canonicalJson(checkpoint).slice(0, 300);
}
