import type { SyncStatus } from '@tidemark/core/sync';
import type { Database } from '@tidemark/db';

/** A sync as its row tells it. */
export interface SyncRow {
  status: SyncStatus;
  mode: string;
  seq: number;
  pickup: number;
  attempt: number;
  pageCount: number;
  partial: boolean;
  failedPages: number;
  apiCalls: number;
  read: number;
  inserted: number;
  updated: number;
  skipped: number;
  stale: number;
  quarantined: number;
  errorCode: string | null;
  errorMessage: string | null;
  errorAction: string | null;
  nextRunInMs: number | null;
}

export async function readSync(db: Database, syncId: string): Promise<SyncRow> {
  const [row] = await db.sql<SyncRow[]>`
    SELECT status, mode, seq, pickup, attempt, page_count AS "pageCount", partial,
           failed_pages AS "failedPages", api_calls AS "apiCalls",
           records_read AS read, records_inserted AS inserted, records_updated AS updated,
           records_skipped AS skipped, records_stale AS stale, records_quarantined AS quarantined,
           error_code AS "errorCode", error_message AS "errorMessage", error_action AS "errorAction",
           (extract(epoch FROM next_run_at - clock_timestamp()) * 1000)::float8 AS "nextRunInMs"
    FROM syncs WHERE id = ${syncId}`;
  if (row === undefined) throw new Error(`there is no sync ${syncId}`);
  return { ...row };
}

/** What is wrong with the books of a sync that completed; nothing, if all is well. */
export async function syncProblems(db: Database, syncId: string): Promise<string[]> {
  const problems: string[] = [];
  const sync = await readSync(db, syncId);
  const sum = sync.inserted + sync.updated + sync.skipped + sync.stale + sync.quarantined;
  if (sync.read !== sum) problems.push(`read ${sync.read} is not the sum of its outcomes, ${sum}`);
  if (sync.pageCount + sync.failedPages !== sync.seq) {
    problems.push(
      `${sync.pageCount} pages and ${sync.failedPages} failed ones were counted at page ${sync.seq}`,
    );
  }

  const [streams] = await db.sql<{ read: number; inserted: number; quarantined: number }[]>`
    SELECT coalesce(sum(records_read), 0)::int AS read, coalesce(sum(records_inserted), 0)::int AS inserted,
           coalesce(sum(records_quarantined), 0)::int AS quarantined
    FROM sync_results WHERE sync_id = ${syncId}`;
  for (const key of ['read', 'inserted', 'quarantined'] as const) {
    if (streams?.[key] !== sync[key])
      problems.push(`the streams sum to ${key} ${streams?.[key]}, not ${sync[key]}`);
  }
  const steps = await db.sql<{ from: string | null; to: string }[]>`
    SELECT from_status AS "from", to_status AS "to" FROM sync_transitions
    WHERE sync_id = ${syncId} AND job_id IS NULL ORDER BY id`;
  const history = steps.map(({ from, to }) => `${from ?? 'nothing'} > ${to}`).join(', ');
  const wanted = 'nothing > queued, queued > running, running > completed';
  if (history !== wanted) problems.push(`the history is "${history}", not "${wanted}"`);

  const pages = await db.sql<{ seq: number }[]>`
    SELECT (data->>'seq')::int AS seq FROM sync_events WHERE sync_id = ${syncId} AND type = 'page' ORDER BY id`;
  const committed = pages.map(({ seq }) => seq);
  const inOrder = committed.every((seq, index) => seq === index);
  if (!inOrder || committed.length !== sync.seq) {
    problems.push(`the pages committed are ${committed.join(' ')}, not 0 to ${sync.seq - 1}`);
  }
  return problems;
}

/** How many leases were given out: nobody reads a page without one of its own. */
export async function leasesGiven(db: Database): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`SELECT last_value::int AS count FROM sync_fencing_tokens`;
  return row?.count ?? 0;
}

/** What a completed engine still holds on to: leases, and effects that nobody carried out. */
export async function leftovers(db: Database): Promise<string[]> {
  const locks = await db.sql<{ key: string; owner: string }[]>`SELECT key, owner FROM sync_locks`;
  const effects = await db.sql<{ payload: unknown }[]>`SELECT payload FROM outbox`;
  return [
    ...locks.map(({ key, owner }) => `the lease ${key} is held by ${owner}`),
    ...effects.map(({ payload }) => `the outbox holds ${JSON.stringify(payload)}`),
  ];
}
