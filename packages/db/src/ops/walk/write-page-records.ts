import type { StoredSamples } from '@tidemark/core/contracts';
import type { ConversationRecord, InvalidRecord, StreamRecords } from '@tidemark/core/records';
import type postgres from 'postgres';
import { conversationsInput, type WrittenRecords, writeRecords } from '../write-records.ts';
import { distrustGroup, NOTHING_DISTRUSTED } from './distrust-group.ts';
import { distrustRecords, mendDerivedFigures } from './distrust-records.ts';
import { type HeldVersion, heldVersions } from './held-versions.ts';
import { keyText, recordContents } from './record-contents.ts';
import { rollBack } from './roll-back.ts';
import { candidates, openQuota, type SampleQuota, sampleInvalid, sampleOutcomes } from './samples.ts';
import { tryGroup } from './try-group.ts';
import { isAside, type Walk } from './walk.ts';
import { rememberRows, type WalkRow } from './walk-rows.ts';
import { plainVersions, quarantinedVersions, rememberVersions, replayVersions } from './walk-versions.ts';

export interface WalkedPage {
  syncId: string;
  connectionId: string;
  walk: Walk;
  records: readonly StreamRecords[];
  invalid: readonly InvalidRecord[];
}

export interface WrittenPage extends WrittenRecords {
  samples: Map<string, StoredSamples>;
}

/**
 * Writes the records of a page as the walk asks for: for good; or, in a dry run, within a savepoint that is rolled
 * back once what happened was counted. The same statements do both, so the counts of a dry run are those of the sync.
 *
 * A page of a dry run does not find what the pages before it wrote. It is given it back: the versions those pages would
 * have left (`walk_versions`), or for some kinds the rows (`walk_rows`), are written first, within the savepoint.
 */
export async function writePageRecords(tx: postgres.TransactionSql, page: WalkedPage): Promise<WrittenPage> {
  if (!isAside(page.walk)) {
    return { ...(await writeRecords(tx, page.connectionId, page.records)), samples: new Map() };
  }
  const quota = await openQuota(tx, { syncId: page.syncId, purpose: page.walk.purpose });
  sampleInvalid(quota, page.invalid);
  const { counts, decisions, versions, rows } = page.walk.dryRun
    ? await rollBack(tx, (nested) => writeObserved(nested, page, quota))
    : await writeObserved(tx, page, quota);
  // What a repair wrote, its later pages find.
  if (page.walk.dryRun) await rememberRows(tx, page.syncId, rows);
  const isVerifying = page.walk.purpose === 'verify';
  await rememberVersions(tx, page.syncId, [
    ...versions,
    ...(isVerifying ? [...plainVersions(page.records), ...quarantinedVersions(page.invalid)] : []),
  ]);
  return { counts, decisions, samples: quota.samples };
}

interface Observed extends WrittenRecords {
  /** What later pages have to know. */
  versions: HeldVersion[];
  rows: WalkRow[];
}

async function writeObserved(
  tx: postgres.TransactionSql,
  page: WalkedPage,
  quota: SampleQuota,
): Promise<Observed> {
  const conversations = page.records.filter((group) => group.kind === 'conversations');
  const groups = conversations.flatMap((group) => [...Map.groupBy(group.rows, (row) => row.pageId)]);
  const looks: { stored: HeldVersion[]; start: HeldVersion[] } = { stored: [], start: [] };
  for (const [pageId, rows] of groups) {
    const { stored, start } = await prepare(tx, page, pageId, rows);
    looks.stored.push(...stored);
    looks.start.push(...start);
  }
  const sampled = candidates(quota, looks.start);
  const before = await recordContents(tx, sampled);
  const written = await writeRecords(tx, page.connectionId, conversations);
  const after: HeldVersion[] = [];
  for (const [pageId, rows] of groups) {
    after.push(...(await heldVersions(tx, pageId, conversationsInput(rows))));
  }
  sampleOutcomes(quota, { start: looks.start, after }, { before, after: await recordContents(tx, sampled) });
  const rows: WalkRow[] = [];
  for (const group of page.records) {
    if (group.kind === 'conversations') continue;
    const isVerifying = page.walk.purpose === 'verify';
    const distrusted = isVerifying ? await distrustGroup(tx, page.connectionId, group) : NOTHING_DISTRUSTED;
    rows.push(...(await tryGroup(tx, { ...page, quota, written, distrusted }, group)));
  }
  return { ...written, versions: toRemember(page.walk, looks.stored, after), rows };
}

/** Brings the records of a page to where the walk stands; what is stored, and what the walk would have found. */
async function prepare(
  tx: postgres.TransactionSql,
  { syncId, connectionId, walk }: WalkedPage,
  pageId: string,
  rows: readonly ConversationRecord[],
): Promise<{ stored: HeldVersion[]; start: HeldVersion[] }> {
  const input = conversationsInput(rows);
  const conversations = { connectionId, pageId, input };
  if (walk.purpose === 'verify') await distrustRecords(tx, conversations);
  if (!walk.dryRun) await mendDerivedFigures(tx, conversations);
  const stored = await heldVersions(tx, pageId, input);
  const isReplayed = walk.dryRun && (await replayVersions(tx, { ...conversations, syncId }, stored));
  return { stored, start: isReplayed ? await heldVersions(tx, pageId, input) : stored };
}

/** A dry run needs what differs from the tables; a verification also has to know what it has seen. */
function toRemember(
  walk: Walk,
  stored: readonly HeldVersion[],
  after: readonly HeldVersion[],
): HeldVersion[] {
  if (walk.purpose === 'verify') return [...after];
  const known = new Map(stored.map((version) => [keyText(version), version]));
  return after.filter((version) => {
    const held = known.get(keyText(version));
    return held?.asOf !== version.asOf || held.contentHash !== version.contentHash;
  });
}
