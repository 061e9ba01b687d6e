import { count, duration, moment } from '../output/figures.ts';
import { renderPairs } from '../output/table.ts';
import type { Sync } from '../remote/sync-view.ts';

/** A sync for people: names and values. */
export function describeSync(sync: Sync): string[] {
  const { progress } = sync;
  const share = progress.percent === null ? '' : `, ${progress.percent} %`;
  return renderPairs([
    ['Sync', sync.id],
    ['Status', `${sync.status}${sync.partial ? ', in part' : ''}${share}`],
    ['Mode', `${sync.mode}, started by ${sync.trigger}`],
    ['Records', describeRecords(sync)],
    ['Pages', `${count(progress.pages)} in ${count(progress.apiCalls)} calls`],
    ['Started', moment(sync.startedAt)],
    ['Time', describeTime(sync)],
    ...(sync.nextRetryAt === null ? [] : [['Next try', moment(sync.nextRetryAt)] as const]),
    ...describeError(sync),
    ...sync.warnings.map(({ code, message }) => ['Warning', `${message} (${code})`] as const),
    ...sync.sweeps
      .filter(({ status }) => status === 'held' && !sync.dryRun && sync.purpose === 'sync')
      .map(({ wouldDelete }) => ['To do', approval(sync.id, wouldDelete)] as const),
  ]);
}

function approval(syncId: string, records: number): string {
  return `look at the source; if ${count(records)} records are really gone: tidemark sweep ${syncId}`;
}

/** `1,200 read: 900 inserted, 300 skipped`: outcomes that did not happen are left out. */
export function describeRecords({ progress: { records } }: Sync): string {
  const { read, ...outcomes } = records;
  const parts = OUTCOMES.flatMap((name) => (outcomes[name] > 0 ? [`${count(outcomes[name])} ${name}`] : []));
  return `${count(read)} read${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

const OUTCOMES = ['inserted', 'updated', 'skipped', 'stale', 'quarantined', 'deleted'] as const;

function describeTime({ startedAt, finishedAt, progress }: Sync): string {
  const rate =
    progress.recordsPerSecond === null ? '' : `, ${count(progress.recordsPerSecond)} records per second`;
  if (startedAt === null) return '-';
  if (finishedAt === null) return `still going${rate}`;
  return `${duration(Date.parse(finishedAt) - Date.parse(startedAt))}${rate}`;
}

function describeError({ error }: Sync): (readonly [string, string])[] {
  if (error === null) return [];
  const action = error.action === undefined ? [] : [['To do', error.action] as const];
  return [['Error', `${error.message} (${error.code})`], ...action];
}
