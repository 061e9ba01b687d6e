import type { RecordCounts } from '@tidemark/core/sync';

/** The counters as the tables of syncs and results hold them. */
export interface CounterColumns {
  recordsRead: number;
  recordsInserted: number;
  recordsUpdated: number;
  recordsSkipped: number;
  recordsStale: number;
  recordsQuarantined: number;
  recordsDeleted: number;
}

export function recordCountsOf(row: Readonly<CounterColumns>): RecordCounts {
  return {
    read: row.recordsRead,
    inserted: row.recordsInserted,
    updated: row.recordsUpdated,
    skipped: row.recordsSkipped,
    stale: row.recordsStale,
    quarantined: row.recordsQuarantined,
    deleted: row.recordsDeleted,
  };
}
