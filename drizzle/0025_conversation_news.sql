-- Tells who listens which conversations a commit changed, as "id:version id:version …", so that what was read of them
-- before is forgotten. A payload has room for 8000 bytes. Conversations that are new were read by nobody.
CREATE FUNCTION tidemark_tell_changed_conversations() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM pg_notify('tidemark_conversations', string_agg(n.id || ':' || n.version, ' '))
  FROM (SELECT c.id, c.version, (row_number() OVER () - 1) / 150 AS part FROM changed c WHERE c.version > 1) AS n
  GROUP BY n.part;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER messenger_conversations_tell_changed AFTER UPDATE ON messenger_conversations
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION tidemark_tell_changed_conversations();
--> statement-breakpoint

-- Rows are only removed with all others of their connection: too many to be named.
CREATE FUNCTION tidemark_tell_removed_conversations() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM removed) THEN
    PERFORM pg_notify('tidemark_conversations', '*');
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER messenger_conversations_tell_removed AFTER DELETE ON messenger_conversations
REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION tidemark_tell_removed_conversations();
--> statement-breakpoint

-- Messages by hour of the week (0 = Monday 00:00 to 00:59, 167 = Sunday 23:00 to 23:59) as clocks showed it in a time
-- zone of the IANA database: of one contact, or of all contacts of a Page when p_conversation_id is null. Hours without
-- messages are left out. Of an hour that is passed twice when clocks are set back, both are counted.
CREATE FUNCTION contact_timing(p_connection_id uuid, p_conversation_id uuid DEFAULT NULL, p_timezone text DEFAULT 'UTC')
RETURNS TABLE (hour_of_week integer, received bigint, sent bigint)
LANGUAGE sql STABLE
AS $$
  SELECT (extract(isodow FROM t.local)::integer - 1) * 24 + extract(hour FROM t.local)::integer,
         count(*) FILTER (WHERE t.direction = 'in'), count(*) FILTER (WHERE t.direction = 'out')
  FROM (
    SELECT e.event_timestamp AT TIME ZONE p_timezone AS local, e.direction
    FROM messenger_conversations c JOIN contact_interaction_events e ON e.conversation_id = c.id
    WHERE c.connection_id = p_connection_id AND (p_conversation_id IS NULL OR c.id = p_conversation_id)
      AND e.event_type = 'message' AND e.direction IS NOT NULL
  ) AS t
  GROUP BY 1
  ORDER BY 1
$$;
