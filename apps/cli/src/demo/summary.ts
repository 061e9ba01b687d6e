import type { Expected } from '@tidemark/sandbox';
import { count, countOf, duration, moment } from '../output/figures.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { Paint } from '../output/terminal.ts';
import type { Sync } from '../remote/sync-view.ts';
import { idsSetAside, idsToSetAside } from './compare-ledger.ts';
import type { Stored } from './read-stored.ts';

export interface Outcome {
  sync: Sync;
  stored: Stored;
  expected: Expected;
  /** Calls the source counted while the sync ran; null when the sync began in an earlier run. */
  sourceCalls: number | null;
}

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'stored', align: 'right' },
  { title: 'in the source', align: 'right' },
];

/** What came of a sync, beside what the source's ledger says. */
export function renderOutcome({ sync, stored, expected, sourceCalls }: Outcome): string[] {
  const { totals } = expected;
  const messages = stored.conversations.reduce((sum, item) => sum + item.messages.length, 0);
  const times = stored.conversations.flatMap((item) =>
    item.messages.map((message) => message.eventTimestamp),
  );
  const sourceTimes = expected.conversations.flatMap((item) => item.messages.map((one) => one.createdTime));
  const table = renderTable(COLUMNS, [
    ['conversations', count(stored.conversations.length), count(totals.conversations)],
    ['messages', count(messages), count(totals.messages)],
    ['first message', moment(earliest(times)), moment(earliest(sourceTimes))],
    ['last message', moment(latest(times)), moment(latest(sourceTimes))],
    ['quarantined', count(idsSetAside(stored).size), count(idsToSetAside(expected).size)],
    ['calls', count(sync.progress.apiCalls), sourceCalls === null ? '-' : count(sourceCalls)],
    ['time', durationOf(sync), ''],
    ['records per second', rateOf(sync), ''],
  ]);
  const why = reasons(stored).map(([reason, times]) => `${String(times).padStart(4)}  ${reason}`);
  return why.length === 0 ? table : [...table, '', 'Quarantined, each kept whole', ...why];
}

const DIFFERENCES_SHOWN = 10;

/** The verdict, on the first line. */
export function renderVerdict(sync: Sync, differences: readonly string[], paint: Paint): string[] {
  if (sync.status !== 'completed' || sync.partial) {
    const why = sync.error === null ? '' : `: ${sync.error.message} (${sync.error.code})`;
    const what = sync.partial ? 'completed in part' : `is ${sync.status}`;
    return [`${paint('red', 'FAIL')}  The sync ${what}${why}`];
  }
  if (differences.length === 0) {
    return [
      `${paint('green', 'PASS')}  Every conversation and message of the source is stored, and nothing else.`,
    ];
  }
  const shown = differences.slice(0, DIFFERENCES_SHOWN).map((line) => `      ${line}`);
  const rest = differences.length - shown.length;
  const more = rest > 0 ? [`      and ${count(rest)} more`] : [];
  const head = `${paint('red', 'DIFF')}  ${countOf(differences.length, 'differences')} between the source and what is stored:`;
  return [head, ...shown, ...more];
}

/** Why records were set aside, and how many for each reason. A record that was read again is still one. */
function reasons({ quarantined }: Stored): [string, number][] {
  const records = new Map(
    quarantined.map((record) => [`${record.stream} ${record.externalId ?? record.path}`, record]),
  );
  const groups = Map.groupBy(records.values(), ({ stream, reason, path }) => {
    return `${stream}: ${reason} (${path.replaceAll(/\/\d+/g, '/*')})`;
  });
  return [...groups].map(([reason, group]): [string, number] => [reason, group.length]).sort(byCount);
}

function byCount([nameA, a]: [string, number], [nameB, b]: [string, number]): number {
  return b - a || nameA.localeCompare(nameB, 'en');
}

function durationOf({ startedAt, finishedAt }: Sync): string {
  if (startedAt === null || finishedAt === null) return '-';
  return duration(Date.parse(finishedAt) - Date.parse(startedAt));
}

function rateOf({ progress: { recordsPerSecond } }: Sync): string {
  return recordsPerSecond === null ? '-' : count(recordsPerSecond);
}

/** ISO 8601 in UTC sorts like the times themselves. */
function earliest(times: readonly string[]): string | null {
  return times.reduce<string | null>((best, time) => (best === null || time < best ? time : best), null);
}

function latest(times: readonly string[]): string | null {
  return times.reduce<string | null>((best, time) => (best === null || time > best ? time : best), null);
}
