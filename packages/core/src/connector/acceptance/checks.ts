import { canonicalJson } from '../../hashing/index.ts';
import { identitiesOf } from '../../records/index.ts';
import { type CountedStream, readingsOfPage, readingsReconcile } from '../../validation/index.ts';
import type { AnyConnector } from '../contract.ts';
import {
  AcceptanceError,
  type AcceptanceSource,
  contentOf,
  describeCheckpoint,
  fetchStep,
  positionsAfter,
  restore,
  type Step,
  walk,
  walkAll,
} from './walk.ts';

/** A demand of the engine on every connector. `run` throws AcceptanceError when it is not met. */
export interface AcceptanceCheck {
  name: string;
  run(): Promise<void>;
}

/** A checkpoint is written with every page. */
const CHECKPOINT_BYTES_MAX = 65_536;
/** Calls an incremental walk over an unchanged source may make. */
const UNCHANGED_CALLS_MAX = 3;
/** Checkpoints of a walk that are tried again, spread over its length. */
const RESUMES = 10;

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AcceptanceError(message);
}

/**
 * The engine's acceptance suite: what it relies on, checked against a connector and a source with known content.
 * Runs without a test framework: `for (const check of acceptanceChecks(…)) test(check.name, check.run)`.
 */
export function acceptanceChecks(connector: AnyConnector, source: AcceptanceSource): AcceptanceCheck[] {
  return [
    {
      name: 'declares a strict configuration, an account and sound budgets',
      run: async () => declarations(connector, source),
    },
    { name: 'yields every record once, and nothing else', run: () => completeness(connector, source) },
    { name: 'makes at most one call for a page', run: () => oneCall(connector, source) },
    {
      name: 'never comes back to a checkpoint, and keeps them small',
      run: () => checkpoints(connector, source),
    },
    { name: 'gives the same page again for the same checkpoint', run: () => resumption(connector, source) },
    { name: 'reads the same content the same way twice', run: () => stability(connector, source) },
    { name: 'needs few calls for a source that did not change', run: () => unchanged(connector, source) },
    { name: 'stops when its signal is aborted', run: () => abortion(connector, source) },
    { name: 'tells of its schemas what its records say', run: () => validation(connector, source) },
  ];
}

function declarations(connector: AnyConnector, source: AcceptanceSource): void {
  const config = source.config as Record<string, unknown>;
  demand(connector.config.safeParse(config).success, 'Its own configuration does not fit its schema.');
  const unknownField = connector.config.safeParse({ ...config, notAField: true });
  demand(!unknownField.success, 'The configuration schema accepts unknown fields: use z.strictObject.');
  demand(connector.identity(config) !== '', 'The account of a configuration must not be empty.');
  demand(connector.streams.length > 0, 'There is no stream.');
  for (const { pool, maxCalls, perSeconds } of connector.pools?.(config) ?? []) {
    demand(maxCalls > 0 && perSeconds > 0, `The budget "${pool}" allows no call.`);
  }
}

async function completeness(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  const seen = new Set<string>();
  for (const steps of (await walkAll(connector, source)).values()) {
    for (const { key } of steps.flatMap((step) => step.page.records.flatMap(identitiesOf))) {
      demand(!seen.has(key), `The record "${key}" was yielded twice.`);
      seen.add(key);
    }
  }
  const missing = [...source.expectedKeys].filter((key) => !seen.has(key));
  demand(missing.length === 0, `${missing.length} records are missing, among them "${missing[0]}".`);
  const extra = [...seen].filter((key) => !source.expectedKeys.has(key));
  demand(extra.length === 0, `${extra.length} records were made up, among them "${extra[0]}".`);
}

async function oneCall(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  for (const [stream, steps] of await walkAll(connector, source)) {
    const greedy = steps.find((step) => step.calls > 1);
    demand(
      greedy === undefined,
      `A page of "${stream.name}" made ${greedy?.calls ?? 0} calls; stack them in the checkpoint.`,
    );
  }
}

async function checkpoints(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  for (const steps of (await walkAll(connector, source)).values()) {
    const seen = new Set<string>();
    for (const { checkpoint } of steps) {
      const text = canonicalJson(checkpoint);
      demand(!seen.has(text), `The walk came back to a checkpoint: ${describeCheckpoint(checkpoint)}`);
      demand(text.length <= CHECKPOINT_BYTES_MAX, `A checkpoint has ${text.length} characters.`);
      seen.add(text);
    }
  }
}

async function resumption(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  for (const [stream, steps] of await walkAll(connector, source)) {
    const every = Math.max(1, Math.floor(steps.length / RESUMES));
    for (const step of steps.filter((_, index) => index % every === 0)) {
      const at = { checkpoint: restore(stream, step.checkpoint), positions: step.positions };
      const again = await fetchStep(source, stream, at);
      demand(
        isSamePage(step, again),
        `Another page came for the same checkpoint: ${describeCheckpoint(step.checkpoint)}`,
      );
    }
  }
}

/** Cursors may carry the time they were issued, so that two of them differ and mean the same place. */
function isSamePage(one: Step, other: Step): boolean {
  const picture = ({ page }: Step) =>
    canonicalJson([[...contentOf(page)], page.next === null, page.watermark, page.positions ?? []]);
  return picture(one) === picture(other);
}

async function stability(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  const [first, second] = [await contentOfAll(connector, source), await contentOfAll(connector, source)];
  const changed = [...first].find(([key, hash]) => second.get(key) !== hash);
  demand(changed === undefined, `The content hash of "${changed?.[0]}" changed though its source did not.`);
}

async function contentOfAll(connector: AnyConnector, source: AcceptanceSource): Promise<Map<string, string>> {
  const walks = [...(await walkAll(connector, source)).values()];
  return new Map(walks.flat().flatMap((step) => [...contentOf(step.page)]));
}

async function unchanged(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  for (const [stream, steps] of await walkAll(connector, source)) {
    const proposed = steps.at(-1)?.page.watermark;
    demand(
      proposed !== null && proposed !== undefined,
      `"${stream.name}" was walked to its end and proposed no watermark.`,
    );
    const watermark = stream.watermark.safeParse(JSON.parse(JSON.stringify(proposed)));
    demand(watermark.success, `The watermark of "${stream.name}" does not fit its own schema.`);
    const again = await walk(source, stream, watermark.data, positionsAfter(steps));
    const calls = again.reduce((sum, step) => sum + step.calls, 0);
    demand(calls <= UNCHANGED_CALLS_MAX, `An unchanged source cost ${calls} calls.`);
    // A source that is not called over the network costs pages.
    demand(again.length <= UNCHANGED_CALLS_MAX, `An unchanged source cost ${again.length} pages.`);
    if (positionsAfter(steps).size === 0) continue;
    const reread = again.flatMap((step) => step.page.records.flatMap(identitiesOf))[0];
    demand(reread === undefined, `"${reread?.key}" was read again though its position had passed it.`);
  }
}

/** Left out is right too: then the engine counts the records that passed by itself. */
async function validation(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  for (const [stream, steps] of await walkAll(connector, source)) {
    for (const { page, checkpoint } of steps) {
      const counted = countedIn(page);
      demand(
        readingsReconcile(readingsOfPage(page.validation, counted), counted),
        `What the schemas of "${stream.name}" saw is not what it brought at ${describeCheckpoint(checkpoint)}`,
      );
    }
  }
}

function countedIn({ records, invalid }: Step['page']): CountedStream[] {
  const read = [
    ...records.flatMap(identitiesOf).map(({ key }) => ({ stream: key.split(' ')[0] ?? '', quarantined: 0 })),
    ...invalid.map(({ stream }) => ({ stream, quarantined: 1 })),
  ];
  return [...Map.groupBy(read, ({ stream }) => stream)].map(([stream, group]) => ({
    stream,
    read: group.length,
    quarantined: group.reduce((sum, one) => sum + one.quarantined, 0),
  }));
}

async function abortion(connector: AnyConnector, source: AcceptanceSource): Promise<void> {
  for (const stream of connector.streams) {
    const aborted = AbortSignal.abort(new AcceptanceError('aborted'));
    const start = stream.start({ config: source.config, watermark: null });
    const at = { checkpoint: restore(stream, start), positions: new Map<string, unknown>() };
    const outcome = await fetchStep(source, stream, at, aborted).then(
      () => 'a page',
      () => 'aborted',
    );
    demand(outcome === 'aborted', `"${stream.name}" brought a page though its signal was aborted.`);
  }
}
