-- What a dry run counted did not happen, and is no part of the statistics.
CREATE OR REPLACE VIEW sync_statistics AS
SELECT s.connection_id, c.tenant_id, c.connector, (s.created_at AT TIME ZONE 'UTC')::date AS day,
       count(*) AS syncs,
       count(*) FILTER (WHERE s.status = 'completed') AS completed,
       count(*) FILTER (WHERE s.status = 'completed' AND s.partial) AS completed_partial,
       count(*) FILTER (WHERE s.status = 'failed') AS failed,
       count(*) FILTER (WHERE s.status = 'cancelled') AS cancelled,
       avg(extract(epoch FROM s.finished_at - s.started_at)) FILTER (WHERE s.status = 'completed')
         AS completed_seconds_avg,
       sum(s.page_count) AS pages,
       sum(s.api_calls) AS api_calls,
       sum(s.records_read) AS records_read,
       sum(s.records_inserted) AS records_inserted,
       sum(s.records_updated) AS records_updated,
       sum(s.records_skipped) AS records_skipped,
       sum(s.records_stale) AS records_stale,
       sum(s.records_quarantined) AS records_quarantined,
       sum(s.records_deleted) AS records_deleted,
       count(*) FILTER (WHERE s.status = 'queued') AS queued,
       count(*) FILTER (WHERE s.status = 'running') AS running,
       count(*) FILTER (WHERE s.status = 'paused') AS paused,
       -- Of those that completed or failed, the ones that brought everything; null where there is none.
       count(*) FILTER (WHERE s.status = 'completed' AND NOT s.partial)::double precision
         / nullif(count(*) FILTER (WHERE s.status IN ('completed', 'failed')), 0) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s.finished_at - s.started_at)::double precision)
         FILTER (WHERE s.status = 'completed') AS completed_seconds_p50,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM s.finished_at - s.started_at)::double precision)
         FILTER (WHERE s.status = 'completed') AS completed_seconds_p95,
       max(extract(epoch FROM s.finished_at - s.started_at)) FILTER (WHERE s.status = 'completed')
         AS completed_seconds_max
FROM syncs s
JOIN connections c ON c.id = s.connection_id
WHERE NOT s.dry_run
GROUP BY s.connection_id, c.tenant_id, c.connector, (s.created_at AT TIME ZONE 'UTC')::date;
