-- Leases with fencing tokens. A lease is a lock with an owner and an expiry; the token grows with every
-- acquisition, for ever, so that a write can prove that it was made under the newest one.
CREATE SEQUENCE sync_fencing_tokens AS bigint;
--> statement-breakpoint

-- Takes the lease when it is free, expired, or already held by the same owner (a redelivered job), and returns
-- a new fencing token; null when somebody else holds it. One statement: two callers cannot both win.
CREATE FUNCTION acquire_sync_lock(p_key text, p_owner text, p_seconds integer DEFAULT 300) RETURNS bigint
LANGUAGE sql VOLATILE
AS $$
  INSERT INTO sync_locks AS held (key, owner, fencing_token, acquired_at, expires_at)
  VALUES (
    p_key, p_owner, nextval('sync_fencing_tokens'),
    clock_timestamp(), clock_timestamp() + make_interval(secs => p_seconds)
  )
  ON CONFLICT (key) DO UPDATE
    SET owner = excluded.owner,
        fencing_token = excluded.fencing_token,
        acquired_at = excluded.acquired_at,
        expires_at = excluded.expires_at
    -- Two acquisitions at once may take their tokens in one order and the row in the other: the smaller token
    -- must not replace the greater one.
    WHERE (held.expires_at <= clock_timestamp() OR held.owner = excluded.owner)
      AND held.fencing_token < excluded.fencing_token
  RETURNING fencing_token
$$;
--> statement-breakpoint

-- Extends the lease that was acquired with this token. False: it was lost, and its holder must stop writing.
CREATE FUNCTION extend_sync_lock(p_key text, p_fencing_token bigint, p_seconds integer DEFAULT 300) RETURNS boolean
LANGUAGE sql VOLATILE
AS $$
  WITH extended AS (
    UPDATE sync_locks
       SET expires_at = clock_timestamp() + make_interval(secs => p_seconds)
     WHERE key = p_key AND fencing_token = p_fencing_token AND expires_at > clock_timestamp()
    RETURNING 1
  )
  SELECT EXISTS (SELECT 1 FROM extended)
$$;
--> statement-breakpoint

-- Releases the lease that was acquired with this token. False: it was lost before.
CREATE FUNCTION release_sync_lock(p_key text, p_fencing_token bigint) RETURNS boolean
LANGUAGE sql VOLATILE
AS $$
  WITH released AS (
    DELETE FROM sync_locks WHERE key = p_key AND fencing_token = p_fencing_token RETURNING 1
  )
  SELECT EXISTS (SELECT 1 FROM released)
$$;
--> statement-breakpoint

-- Removes the leases that ran out, and returns how many there were.
CREATE FUNCTION cleanup_expired_locks() RETURNS integer
LANGUAGE sql VOLATILE
AS $$
  WITH removed AS (DELETE FROM sync_locks WHERE expires_at <= clock_timestamp() RETURNING 1)
  SELECT count(*)::integer FROM removed
$$;
