import type { Statistics, StatisticsFigures } from '@tidemark/core/contracts';
import type { Database } from '../database.ts';
import { recordCountsOf } from './record-counts.ts';

export interface StatisticsWindow {
  tenantId: string;
  connectionId?: string | undefined;
  /** Syncs created at or after this time, ISO 8601. */
  since: string;
  /** Syncs created before this time, ISO 8601. */
  until: string;
}

interface FiguresRow {
  syncs: number;
  queued: number;
  running: number;
  paused: number;
  completed: number;
  failed: number;
  cancelled: number;
  partial: number;
  secondsAverage: number | null;
  seconds50: number | null;
  seconds95: number | null;
  secondsMax: number | null;
  pages: number;
  apiCalls: number;
  recordsRead: number;
  recordsInserted: number;
  recordsUpdated: number;
  recordsSkipped: number;
  recordsStale: number;
  recordsQuarantined: number;
  recordsDeleted: number;
}

/**
 * Figures over the syncs of a window: in all, by day of their creation (UTC), by connection. Counted from the
 * rows of the syncs in one statement, so that the parts always add up to the totals. Dry runs are none: what they counted
 * did not happen.
 */
export async function readStatistics(db: Database, window: StatisticsWindow): Promise<Statistics> {
  const rows = await db.sql<
    (FiguresRow & { day: string | null; connectionId: string | null; connector: string; name: string })[]
  >`
    WITH counted AS (
      SELECT s.*, c.connector, c.name, (s.created_at AT TIME ZONE 'UTC')::date AS day,
             CASE WHEN s.status = 'completed'
               THEN extract(epoch FROM s.finished_at - s.started_at)::double precision END AS seconds
      FROM syncs s
      JOIN connections c ON c.id = s.connection_id
      WHERE c.tenant_id = ${window.tenantId} AND NOT s.dry_run
        AND (${window.connectionId ?? null}::uuid IS NULL OR s.connection_id = ${window.connectionId ?? null}::uuid)
        AND s.created_at >= ${window.since}::timestamptz AND s.created_at < ${window.until}::timestamptz
    )
    SELECT day::text AS day, connection_id AS "connectionId", max(connector) AS connector, max(name) AS name,
           count(*)::integer AS syncs,
           count(*) FILTER (WHERE status = 'queued')::integer AS queued,
           count(*) FILTER (WHERE status = 'running')::integer AS running,
           count(*) FILTER (WHERE status = 'paused')::integer AS paused,
           count(*) FILTER (WHERE status = 'completed')::integer AS completed,
           count(*) FILTER (WHERE status = 'failed')::integer AS failed,
           count(*) FILTER (WHERE status = 'cancelled')::integer AS cancelled,
           count(*) FILTER (WHERE status = 'completed' AND partial)::integer AS partial,
           avg(seconds) AS "secondsAverage",
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS "seconds50",
           percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS "seconds95",
           max(seconds) AS "secondsMax",
           coalesce(sum(page_count), 0)::double precision AS pages,
           coalesce(sum(api_calls), 0)::double precision AS "apiCalls",
           coalesce(sum(records_read), 0)::double precision AS "recordsRead",
           coalesce(sum(records_inserted), 0)::double precision AS "recordsInserted",
           coalesce(sum(records_updated), 0)::double precision AS "recordsUpdated",
           coalesce(sum(records_skipped), 0)::double precision AS "recordsSkipped",
           coalesce(sum(records_stale), 0)::double precision AS "recordsStale",
           coalesce(sum(records_quarantined), 0)::double precision AS "recordsQuarantined",
           coalesce(sum(records_deleted), 0)::double precision AS "recordsDeleted"
    FROM counted
    GROUP BY GROUPING SETS ((), (day), (connection_id))
    ORDER BY day, connection_id`;
  const isTotal = (row: { day: string | null; connectionId: string | null }) =>
    row.day === null && row.connectionId === null;
  const totals = rows.find(isTotal);
  if (totals === undefined) throw new Error('The totals of the statistics are missing.');
  return {
    since: window.since,
    until: window.until,
    totals: toFigures(totals),
    byDay: rows.flatMap((row) => (row.day === null ? [] : [{ day: row.day, ...toFigures(row) }])),
    byConnection: rows.flatMap((row) =>
      row.connectionId === null
        ? []
        : [{ connectionId: row.connectionId, connector: row.connector, name: row.name, ...toFigures(row) }],
    ),
  };
}

function toFigures(row: FiguresRow): StatisticsFigures {
  const judged = row.completed + row.failed;
  return {
    syncs: row.syncs,
    byStatus: {
      queued: row.queued,
      running: row.running,
      paused: row.paused,
      completed: row.completed,
      failed: row.failed,
      cancelled: row.cancelled,
    },
    partial: row.partial,
    successRate: judged === 0 ? null : (row.completed - row.partial) / judged,
    durationSeconds: durationOf(row),
    pages: row.pages,
    apiCalls: row.apiCalls,
    records: recordCountsOf(row),
  };
}

function durationOf(row: FiguresRow): StatisticsFigures['durationSeconds'] {
  const { secondsAverage, seconds50, seconds95, secondsMax } = row;
  if (secondsAverage === null || seconds50 === null || seconds95 === null || secondsMax === null) return null;
  return { average: secondsAverage, p50: seconds50, p95: seconds95, max: secondsMax };
}
