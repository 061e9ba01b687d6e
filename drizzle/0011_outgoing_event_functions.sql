-- Tells the subscribers of a tenant what happened, in the transaction that made it happen. Nothing is written when
-- nobody is to be told. What happened before somebody subscribed is not told: a first sync of old records must not
-- bring years of events.
CREATE FUNCTION tidemark_publish(
  p_tenant_id uuid, p_type text, p_subject text, p_occurred_at timestamptz, p_data jsonb
) RETURNS void
LANGUAGE sql
AS $$
  WITH told AS (
    SELECT id FROM subscribers
    WHERE tenant_id = p_tenant_id AND status = 'active' AND created_at <= p_occurred_at
      AND (event_types = '{}' OR p_type = ANY (event_types))
  ), event AS (
    INSERT INTO outgoing_events (tenant_id, type, subject, occurred_at, data)
    SELECT p_tenant_id, p_type, p_subject, p_occurred_at, p_data WHERE EXISTS (SELECT 1 FROM told)
    RETURNING id
  )
  INSERT INTO outgoing_deliveries (event_id, subscriber_id, subject)
  SELECT event.id, told.id, p_subject FROM event CROSS JOIN told
$$;
--> statement-breakpoint

CREATE FUNCTION tidemark_publish_sync_outcome() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM tidemark_publish(
    c.tenant_id, 'sync.' || NEW.status, 'connection ' || NEW.connection_id, clock_timestamp(),
    jsonb_build_object(
      'syncId', NEW.id, 'connectionId', NEW.connection_id, 'connector', c.connector, 'mode', NEW.mode,
      'trigger', NEW.trigger, 'status', NEW.status, 'partial', NEW.partial,
      'records', jsonb_build_object(
        'read', NEW.records_read, 'inserted', NEW.records_inserted, 'updated', NEW.records_updated,
        'skipped', NEW.records_skipped, 'stale', NEW.records_stale, 'quarantined', NEW.records_quarantined,
        'deleted', NEW.records_deleted),
      'failedPages', NEW.failed_pages,
      'error', CASE WHEN NEW.error_code IS NOT NULL
                    THEN jsonb_build_object('code', NEW.error_code, 'message', NEW.error_message) END))
  FROM connections c
  WHERE c.id = NEW.connection_id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER syncs_publish_outcome AFTER UPDATE OF status ON syncs
FOR EACH ROW WHEN (
  OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('completed', 'failed', 'cancelled') AND NOT NEW.dry_run
) EXECUTE FUNCTION tidemark_publish_sync_outcome();
--> statement-breakpoint

CREATE FUNCTION tidemark_publish_needs_reauth() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM tidemark_publish(
    NEW.tenant_id, 'connection.needs_reauth', 'connection ' || NEW.id, clock_timestamp(),
    jsonb_build_object('connectionId', NEW.id, 'connector', NEW.connector, 'name', NEW.name));
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER connections_publish_needs_reauth AFTER UPDATE OF status ON connections
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'needs_reauth')
EXECUTE FUNCTION tidemark_publish_needs_reauth();
