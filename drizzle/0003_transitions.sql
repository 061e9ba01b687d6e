-- The legal transitions of a sync: the same pairs as the table in packages/core/src/sync/statuses.ts. A test
-- compares the two.
CREATE FUNCTION tidemark_transition_is_legal(p_from sync_status, p_to sync_status) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT (p_from, p_to) IN (
    ('queued', 'running'), ('queued', 'paused'), ('queued', 'failed'), ('queued', 'cancelled'),
    ('running', 'completed'), ('running', 'failed'), ('running', 'cancelled'), ('running', 'paused'),
    ('paused', 'running'), ('paused', 'cancelled')
  )
$$;
--> statement-breakpoint

CREATE FUNCTION tidemark_enforce_transition() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'queued' THEN
      RAISE EXCEPTION 'a sync starts as queued, not as %', NEW.status USING ERRCODE = 'TM001';
    END IF;
  ELSIF NOT tidemark_transition_is_legal(OLD.status, NEW.status) THEN
    RAISE EXCEPTION 'a sync cannot go from % to %', OLD.status, NEW.status USING ERRCODE = 'TM001';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint

CREATE FUNCTION tidemark_record_transition() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  v_from sync_status := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END;
BEGIN
  INSERT INTO sync_transitions (sync_id, from_status, to_status, cause, worker)
  VALUES (NEW.id, v_from, NEW.status, NEW.status_cause, NEW.status_worker);
  INSERT INTO sync_events (sync_id, type, data)
  VALUES (NEW.id, 'transition', jsonb_build_object(
    'syncId', NEW.id, 'from', v_from, 'to', NEW.status, 'cause', NEW.status_cause, 'worker', NEW.status_worker
  ));
  RETURN NULL;
END
$$;
--> statement-breakpoint

CREATE TRIGGER syncs_enforce_transition_insert BEFORE INSERT ON syncs
FOR EACH ROW EXECUTE FUNCTION tidemark_enforce_transition();
--> statement-breakpoint
CREATE TRIGGER syncs_enforce_transition_update BEFORE UPDATE OF status ON syncs
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tidemark_enforce_transition();
--> statement-breakpoint
CREATE TRIGGER syncs_record_transition_insert AFTER INSERT ON syncs
FOR EACH ROW EXECUTE FUNCTION tidemark_record_transition();
--> statement-breakpoint
CREATE TRIGGER syncs_record_transition_update AFTER UPDATE OF status ON syncs
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tidemark_record_transition();
--> statement-breakpoint

-- The history of a job: one page under one pickup. Records the step from the status it had last; the same status
-- again is no step. The pairs are those of packages/core/src/sync/job-statuses.ts; a test compares the two.
CREATE FUNCTION tidemark_record_job(
  p_sync_id uuid, p_job_id text, p_to text, p_cause text, p_worker text
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  v_from text;
BEGIN
  SELECT t.to_status INTO v_from
  FROM sync_transitions t
  WHERE t.job_id = p_job_id
  ORDER BY t.id DESC LIMIT 1;
  IF v_from = p_to THEN
    RETURN;
  END IF;
  IF coalesce(v_from, '') || '>' || p_to NOT IN (
    '>pending', 'pending>processing', 'pending>failed', 'processing>pending', 'processing>success',
    'processing>failed', 'failed>processing'
  ) THEN
    RAISE EXCEPTION 'job % cannot go from % to %', p_job_id, coalesce(v_from, 'nothing'), p_to USING ERRCODE = 'TM001';
  END IF;
  INSERT INTO sync_transitions (sync_id, job_id, from_status, to_status, cause, worker)
  VALUES (p_sync_id, p_job_id, v_from, p_to, p_cause, p_worker);
END
$$;
--> statement-breakpoint

-- Readers of live progress are woken; they read the rows themselves, so a lost notification only costs time.
CREATE FUNCTION tidemark_notify_sync_event() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM pg_notify('tidemark_sync_events', NEW.sync_id::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER sync_events_notify AFTER INSERT ON sync_events
FOR EACH ROW EXECUTE FUNCTION tidemark_notify_sync_event();
