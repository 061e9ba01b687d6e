/** Counted outcomes of records. `read = inserted + updated + skipped + stale + quarantined` always (E24). */
export interface RecordCounts {
  read: number;
  inserted: number;
  updated: number;
  skipped: number;
  stale: number;
  quarantined: number;
  deleted: number;
}

export const NO_RECORDS: Readonly<RecordCounts> = {
  read: 0,
  inserted: 0,
  updated: 0,
  skipped: 0,
  stale: 0,
  quarantined: 0,
  deleted: 0,
};

export function addCounts(a: Readonly<RecordCounts>, b: Readonly<RecordCounts>): RecordCounts {
  return {
    read: a.read + b.read,
    inserted: a.inserted + b.inserted,
    updated: a.updated + b.updated,
    skipped: a.skipped + b.skipped,
    stale: a.stale + b.stale,
    quarantined: a.quarantined + b.quarantined,
    deleted: a.deleted + b.deleted,
  };
}

/** Whether the counts add up. Checked before each commit: a page that does not add up is a bug, not a result. */
export function reconciles(counts: Readonly<RecordCounts>): boolean {
  return (
    counts.read === counts.inserted + counts.updated + counts.skipped + counts.stale + counts.quarantined
  );
}

export interface Progress {
  pages: number;
  apiCalls: number;
  records: RecordCounts;
  total: number | null;
  percent: number | null;
  recordsPerSecond: number | null;
  etaSeconds: number | null;
}

/**
 * Progress of a sync as the API shows it. Times are epoch milliseconds; `untilMs` is the end of the sync, or
 * now while it lives. Percent and remaining time are null where the source told no total: nothing is guessed.
 */
export function progressOf(input: {
  pages: number;
  apiCalls: number;
  records: RecordCounts;
  total: number | null;
  startedAtMs: number | null;
  untilMs: number;
}): Progress {
  const { pages, apiCalls, records, total, startedAtMs, untilMs } = input;
  const seconds = startedAtMs === null ? 0 : (untilMs - startedAtMs) / 1000;
  const rate = seconds > 0 ? records.read / seconds : null;
  const remaining = total === null ? null : Math.max(0, total - records.read);
  return {
    pages,
    apiCalls,
    records,
    total,
    percent: percentOf(records.read, total),
    recordsPerSecond: rate === null ? null : Math.round(rate * 10) / 10,
    etaSeconds: remaining === null || rate === null || rate === 0 ? null : Math.ceil(remaining / rate),
  };
}

/** The source may add records while it is walked, so that more can be read than the total it told at first. */
function percentOf(read: number, total: number | null): number | null {
  if (total === null) return null;
  if (total === 0) return 100;
  return Math.min(100, Math.floor((read / total) * 100));
}
