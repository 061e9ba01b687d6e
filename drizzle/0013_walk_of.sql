-- The syncs one walk over a source is spread over: the sync itself, and those that stopped and that it goes on from. A
-- retry of the failed pages of a completed sync is a walk of its own.
CREATE FUNCTION tidemark_walk_of(p_sync_id uuid) RETURNS TABLE (sync_id uuid)
LANGUAGE sql STABLE
AS $$
  WITH RECURSIVE walk AS (
    SELECT s.id, s.retry_of FROM syncs s WHERE s.id = p_sync_id
    UNION
    SELECT p.id, p.retry_of
    FROM walk w JOIN syncs p ON p.id = w.retry_of
    WHERE p.status IN ('failed', 'cancelled')
  )
  SELECT walk.id FROM walk
$$;
