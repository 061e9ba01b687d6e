import type { RecordSample, SampledOutcome, StoredSamples, SyncPurpose } from '@tidemark/core/contracts';
import type { InvalidRecord } from '@tidemark/core/records';
import type postgres from 'postgres';
import type { HeldVersion, RecordKey } from './held-versions.ts';
import { type Content, keyText } from './record-contents.ts';

/** A few for people to look at. */
export const DRY_RUN_SAMPLES_MAX = 5;
/** Enough to act on, and not more than an answer can hold. */
export const FINDINGS_MAX = 100;

/** How many records of an outcome a walk still keeps, by stream. */
export class SampleQuota {
  /** Of each outcome of a stream. */
  readonly max: number;
  readonly #held: ReadonlyMap<string, StoredSamples>;
  readonly samples = new Map<string, StoredSamples>();

  constructor(purpose: SyncPurpose, held: ReadonlyMap<string, StoredSamples>) {
    this.max = purpose === 'verify' ? FINDINGS_MAX : DRY_RUN_SAMPLES_MAX;
    this.#held = held;
  }

  wants(stream: string, outcome: SampledOutcome): boolean {
    const count = (of: StoredSamples | undefined) => of?.[outcome]?.length ?? 0;
    return count(this.#held.get(stream)) + count(this.samples.get(stream)) < this.max;
  }

  add(stream: string, outcome: SampledOutcome, sample: RecordSample): void {
    if (!this.wants(stream, outcome)) return;
    const samples = this.samples.get(stream) ?? {};
    this.samples.set(stream, { ...samples, [outcome]: [...(samples[outcome] ?? []), sample] });
  }
}

/** What earlier pages of the walk have kept. */
export async function openQuota(
  tx: postgres.TransactionSql,
  walk: { syncId: string; purpose: SyncPurpose },
): Promise<SampleQuota> {
  const rows = await tx<{ stream: string; samples: StoredSamples }[]>`
    SELECT stream, samples FROM sync_results WHERE sync_id = ${walk.syncId}`;
  return new SampleQuota(walk.purpose, new Map(rows.map((row) => [row.stream, row.samples])));
}

/** What became of a record between two looks at it; null for one the page only names. */
export function outcomeOf(before: HeldVersion, after: HeldVersion): SampledOutcome | null {
  if (!before.isDescribed) return null;
  if (before.asOf === null) return 'inserted';
  if (before.asOf !== after.asOf || before.contentHash !== after.contentHash) return 'updated';
  return before.isSame ? 'skipped' : 'stale';
}

/** The fields that differ. */
export function changesBetween(
  before: Content | undefined,
  after: Content | undefined,
): NonNullable<RecordSample['changes']> {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields.flatMap((field) => {
    const [from, to] = [before?.[field] ?? null, after?.[field] ?? null];
    return from === to ? [] : [{ field, from, to }];
  });
}

const KEY_NAMES = ['pageId', 'contactId', 'messageId', 'type', 'at'] as const;

/** A key as people read it. */
export function namedKey(key: RecordKey): Record<string, string> {
  const parts = KEY_NAMES.flatMap((name, index) => (key[index] ? [[name, key[index]] as const] : []));
  return Object.fromEntries(parts);
}

/** Keeps a few of the records that would go to quarantine: which, and why, but not what they say. */
export function sampleInvalid(quota: SampleQuota, invalid: readonly InvalidRecord[]): void {
  for (const { stream, externalId, parentId, reason, path } of invalid) {
    const id = externalId === null ? {} : { id: externalId };
    const parent = parentId === undefined ? {} : { contactId: parentId };
    const where = path === '' ? reason : `${reason}, at ${path}`;
    quota.add(stream, 'quarantined', { key: { ...parent, ...id }, changes: [], reason: where });
  }
}

/** The records among these whose contents a sample may need, looked at before they are written. */
export function candidates(quota: SampleQuota, records: readonly HeldVersion[]): HeldVersion[] {
  const changing = records.filter(({ isSame, isDescribed }) => isDescribed && !isSame);
  return ['conversations', 'messages'].flatMap((stream) => {
    if (!quota.wants(stream, 'inserted') && !quota.wants(stream, 'updated')) return [];
    return changing.filter((record) => record.stream === stream).slice(0, 2 * FINDINGS_MAX);
  });
}

/** Adds what became of the candidates, and of a few records that stay as they are. */
export function sampleOutcomes(
  quota: SampleQuota,
  looks: { start: readonly HeldVersion[]; after: readonly HeldVersion[] },
  contents: { before: ReadonlyMap<string, Content>; after: ReadonlyMap<string, Content> },
): void {
  const ends = new Map(looks.after.map((version) => [keyText(version), version]));
  for (const version of looks.start) {
    const id = keyText(version);
    const end = ends.get(id);
    const outcome = end === undefined ? null : outcomeOf(version, end);
    if (outcome === null || !quota.wants(version.stream, outcome)) continue;
    const changes =
      outcome === 'inserted' || outcome === 'updated'
        ? changesBetween(contents.before.get(id), contents.after.get(id))
        : [];
    quota.add(version.stream, outcome, { key: namedKey(version.key), changes });
  }
}
