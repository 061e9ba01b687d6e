-- The one way conversations and their events are written, by pages and webhooks alike, and by SQL users.
--
-- p_conversations is an array of objects:
--   {sender_id, graph_id?, sender_name?, source_updated_at?, as_of?, content_hash?, events: [
--     {event_type, event_timestamp, message_id?, direction, text?, metadata?, as_of?, content_hash?}]}
-- as_of is the time for which the source vouches for the content (default: now for a conversation, the event's
-- own time for an event); content_hash tells a change from a repetition (default: an MD5 of the content). A
-- conversation without graph_id, sender_name and content_hash only names the contact its events belong to.
--
-- Resolution, for conversations and events alike: unknown is inserted; the same hash is left alone, not even
-- rewritten; a newer (as_of, content_hash) replaces; an older one is stale and changes nothing. So any order and
-- any repetition of the same input ends in the same rows.
--
-- Locks: the conversations, in the order of sender_id, so that concurrent writers cannot deadlock; whoever holds
-- a conversation's row is the only writer of its events, which is why its counters are exact.
CREATE TYPE tidemark_conversation_input AS (
  id uuid, sender_id text, graph_id text, sender_name text, source_updated_at timestamptz, as_of timestamptz,
  content_hash text, was_deleted boolean, is_new boolean, outcome text, events_read integer
);
--> statement-breakpoint
CREATE TYPE tidemark_event_input AS (
  conversation_id uuid, event_type text, event_timestamp timestamptz, message_id text, direction text, text text,
  metadata jsonb, as_of timestamptz, content_hash text
);
--> statement-breakpoint
CREATE TYPE tidemark_event_counts AS (
  conversation_id uuid, inserted integer, updated integer, stale integer, messages integer
);
--> statement-breakpoint

-- Creates and locks the conversations of the input, and says what is to be done with each.
--
-- These functions keep their plans (plpgsql), and are planned for few rows and indexes: statistics of a table that
-- was empty a moment ago would otherwise keep a sequential scan in the plan until the next ANALYZE.
CREATE FUNCTION tidemark_resolve_conversations(
  p_connection_id uuid, p_page_id text, p_conversations jsonb
) RETURNS tidemark_conversation_input[]
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_given tidemark_conversation_input[];
  v_new uuid[];
  v_resolved tidemark_conversation_input[];
BEGIN
  WITH given AS (
    SELECT c.sender_id, c.graph_id, c.sender_name, c.source_updated_at,
           coalesce(c.as_of, clock_timestamp()) AS as_of,
           CASE
             WHEN c.content_hash IS NOT NULL THEN c.content_hash
             WHEN c.graph_id IS NOT NULL OR c.sender_name IS NOT NULL
             THEN md5(jsonb_build_array(c.graph_id, c.sender_name, c.source_updated_at)::text)
           END AS content_hash,
           sum(jsonb_array_length(coalesce(c.events, '[]'::jsonb))) OVER (PARTITION BY c.sender_id) AS events_read
    FROM jsonb_to_recordset(p_conversations) AS c(
      sender_id text, graph_id text, sender_name text, source_updated_at timestamptz, as_of timestamptz,
      content_hash text, events jsonb
    )
  ), newest AS (
    -- One contact may come twice in one page: the newest version of its conversation counts.
    SELECT DISTINCT ON (g.sender_id) g.*
    FROM given g
    ORDER BY g.sender_id, g.content_hash IS NULL, g.as_of DESC, g.content_hash COLLATE "C" DESC
  )
  SELECT coalesce(array_agg(ROW(
           NULL, n.sender_id, n.graph_id, n.sender_name, n.source_updated_at, n.as_of, n.content_hash,
           NULL, NULL, NULL, n.events_read
         )::tidemark_conversation_input ORDER BY n.sender_id), '{}')
    INTO v_given
  FROM newest n;

  WITH added AS (
    INSERT INTO messenger_conversations (connection_id, page_id, sender_id)
    SELECT p_connection_id, p_page_id, g.sender_id FROM unnest(v_given) AS g
    ON CONFLICT (page_id, sender_id) DO NOTHING
    RETURNING id
  )
  SELECT coalesce(array_agg(added.id), '{}') INTO v_new FROM added;

  PERFORM 1
  FROM messenger_conversations m
  WHERE m.page_id = p_page_id AND m.sender_id IN (SELECT g.sender_id FROM unnest(v_given) AS g)
  ORDER BY m.sender_id
  FOR NO KEY UPDATE;

  SELECT coalesce(array_agg(ROW(
           m.id, g.sender_id, g.graph_id, g.sender_name, g.source_updated_at, g.as_of, g.content_hash,
           m.deleted_at IS NOT NULL, m.id = ANY (v_new),
           CASE
             WHEN m.id = ANY (v_new) THEN 'inserted'
             WHEN g.content_hash IS NULL THEN 'named'
             WHEN g.content_hash = m.content_hash THEN 'skipped'
             WHEN (g.as_of, g.content_hash COLLATE "C") > (m.as_of, m.content_hash) THEN 'updated'
             ELSE 'stale'
           END,
           g.events_read
         )::tidemark_conversation_input), '{}')
    INTO v_resolved
  FROM unnest(v_given) AS g
  JOIN messenger_conversations m ON m.page_id = p_page_id AND m.sender_id = g.sender_id;
  RETURN v_resolved;
END
$$;
--> statement-breakpoint

-- Writes the events of conversations that are locked by the caller, and counts per conversation. Unchanged events
-- are not even locked.
CREATE FUNCTION tidemark_write_events(
  p_conversations jsonb, p_resolved tidemark_conversation_input[]
) RETURNS tidemark_event_counts[]
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_events tidemark_event_input[];
  v_changed tidemark_event_input[];
  v_counts tidemark_event_counts[];
BEGIN
  -- The newest version of each event: by message id, or by moment and type when there is none.
  SELECT coalesce(array_agg(ROW(
           e.conversation_id, e.event_type, e.event_timestamp, e.message_id, e.direction, e.text, e.metadata,
           e.as_of, e.content_hash
         )::tidemark_event_input), '{}')
    INTO v_events
  FROM (
    SELECT DISTINCT ON (g.conversation_id, g.message_id COLLATE "C", g.moment, g.moment_type) g.*
    FROM (
      SELECT r.id AS conversation_id, e.event_type, e.event_timestamp, e.message_id, e.direction, e.text,
             coalesce(e.metadata, '{}'::jsonb) AS metadata,
             coalesce(e.as_of, e.event_timestamp) AS as_of,
             coalesce(e.content_hash, md5(jsonb_build_array(e.direction, e.text, e.metadata)::text)) AS content_hash,
             CASE WHEN e.message_id IS NULL THEN e.event_timestamp END AS moment,
             CASE WHEN e.message_id IS NULL THEN e.event_type END AS moment_type
      FROM jsonb_to_recordset(p_conversations) AS c(sender_id text, events jsonb)
      JOIN unnest(p_resolved) AS r ON r.sender_id = c.sender_id
      CROSS JOIN LATERAL jsonb_to_recordset(coalesce(c.events, '[]'::jsonb)) AS e(
        event_type text, event_timestamp timestamptz, message_id text, direction text, text text,
        metadata jsonb, as_of timestamptz, content_hash text
      )
    ) AS g
    ORDER BY g.conversation_id, g.message_id COLLATE "C", g.moment, g.moment_type,
             g.as_of DESC, g.content_hash COLLATE "C" DESC
  ) AS e;
  IF cardinality(v_events) = 0 THEN
    RETURN '{}';
  END IF;

  SELECT coalesce(array_agg(e), '{}') INTO v_changed
  FROM unnest(v_events) AS e
  WHERE CASE
    WHEN e.message_id IS NOT NULL THEN NOT EXISTS (
      SELECT 1 FROM contact_interaction_events held
      WHERE held.conversation_id = e.conversation_id AND held.message_id = e.message_id
        AND held.content_hash = e.content_hash
    )
    ELSE NOT EXISTS (
      SELECT 1 FROM contact_interaction_events held
      WHERE held.conversation_id = e.conversation_id AND held.message_id IS NULL
        AND held.event_timestamp = e.event_timestamp AND held.event_type = e.event_type
        AND held.content_hash = e.content_hash
    )
  END;
  IF cardinality(v_changed) = 0 THEN
    RETURN '{}';
  END IF;

  WITH by_id AS (
    INSERT INTO contact_interaction_events AS held (
      conversation_id, event_type, event_timestamp, message_id, direction, text, metadata, as_of, content_hash
    )
    SELECT e.conversation_id, e.event_type, e.event_timestamp, e.message_id, e.direction, e.text, e.metadata,
           e.as_of, e.content_hash
    FROM unnest(v_changed) AS e WHERE e.message_id IS NOT NULL
    ON CONFLICT (conversation_id, message_id) WHERE message_id IS NOT NULL DO UPDATE
      SET event_type = excluded.event_type, event_timestamp = excluded.event_timestamp,
          direction = excluded.direction, text = excluded.text, metadata = excluded.metadata,
          as_of = excluded.as_of, content_hash = excluded.content_hash,
          version = held.version + 1, updated_at = now()
      WHERE (excluded.as_of, excluded.content_hash) > (held.as_of, held.content_hash)
    RETURNING held.conversation_id, held.event_type, held.version = 1 AS inserted
  ), by_moment AS (
    INSERT INTO contact_interaction_events AS held (
      conversation_id, event_type, event_timestamp, direction, text, metadata, as_of, content_hash
    )
    SELECT e.conversation_id, e.event_type, e.event_timestamp, e.direction, e.text, e.metadata, e.as_of, e.content_hash
    FROM unnest(v_changed) AS e WHERE e.message_id IS NULL
    ON CONFLICT (conversation_id, event_timestamp, event_type) WHERE message_id IS NULL DO UPDATE
      SET direction = excluded.direction, text = excluded.text, metadata = excluded.metadata,
          as_of = excluded.as_of, content_hash = excluded.content_hash,
          version = held.version + 1, updated_at = now()
      WHERE (excluded.as_of, excluded.content_hash) > (held.as_of, held.content_hash)
    RETURNING held.conversation_id, held.event_type, held.version = 1 AS inserted
  ), tally AS (
    SELECT conversation_id, inserted::integer AS inserted, (NOT inserted)::integer AS updated,
           (inserted AND event_type = 'message')::integer AS message, 0 AS candidate
    FROM (SELECT * FROM by_id UNION ALL SELECT * FROM by_moment) AS written
    UNION ALL
    SELECT e.conversation_id, 0, 0, 0, 1 FROM unnest(v_changed) AS e
  )
  -- A changed event that was not written is older than the one that is held.
  SELECT coalesce(array_agg(ROW(
           t.conversation_id, t.inserted, t.updated, t.candidates - t.inserted - t.updated, t.messages
         )::tidemark_event_counts), '{}')
    INTO v_counts
  FROM (
    SELECT conversation_id, sum(inserted)::integer AS inserted, sum(updated)::integer AS updated,
           sum(message)::integer AS messages, sum(candidate)::integer AS candidates
    FROM tally GROUP BY conversation_id
  ) AS t;
  RETURN v_counts;
END
$$;
--> statement-breakpoint

CREATE FUNCTION bulk_upsert_conversations_with_events(
  p_connection_id uuid, p_page_id text, p_conversations jsonb
) RETURNS TABLE (
  sender_id text, conversation_id uuid, version integer, is_new boolean, outcome text,
  events_read integer, events_inserted integer, events_updated integer, events_stale integer
)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_resolved tidemark_conversation_input[];
  v_counts tidemark_event_counts[];
BEGIN
  v_resolved := tidemark_resolve_conversations(p_connection_id, p_page_id, p_conversations);
  v_counts := tidemark_write_events(p_conversations, v_resolved);

  -- Figures derived from the events change here, by what was really written, under the lock taken above.
  UPDATE messenger_conversations m
     SET graph_id = CASE WHEN r.takes_content THEN coalesce(r.graph_id, m.graph_id) ELSE m.graph_id END,
         sender_name = CASE WHEN r.takes_content THEN coalesce(r.sender_name, m.sender_name) ELSE m.sender_name END,
         source_updated_at =
           CASE WHEN r.takes_content THEN coalesce(r.source_updated_at, m.source_updated_at) ELSE m.source_updated_at END,
         as_of = CASE WHEN r.takes_content THEN r.as_of ELSE m.as_of END,
         content_hash = CASE WHEN r.takes_content THEN r.content_hash ELSE m.content_hash END,
         message_count = m.message_count + r.messages,
         last_message = CASE WHEN r.wrote_events THEN newest.text ELSE m.last_message END,
         last_message_time = CASE WHEN r.wrote_events THEN newest.event_timestamp ELSE m.last_message_time END,
         deleted_at = NULL,
         version = CASE WHEN r.is_new THEN m.version ELSE m.version + 1 END,
         updated_at = now()
    FROM (
      SELECT i.*, coalesce(c.messages, 0) AS messages,
             coalesce(c.inserted + c.updated, 0) > 0 AS wrote_events,
             i.outcome IN ('inserted', 'updated') AND i.content_hash IS NOT NULL AS takes_content
      FROM unnest(v_resolved) AS i
      LEFT JOIN unnest(v_counts) AS c ON c.conversation_id = i.id
    ) AS r
    LEFT JOIN LATERAL (
      SELECT e.text, e.event_timestamp
      FROM contact_interaction_events e
      WHERE r.wrote_events AND e.conversation_id = r.id AND e.event_type = 'message'
      ORDER BY e.event_timestamp DESC, e.message_id DESC NULLS LAST
      LIMIT 1
    ) AS newest ON true
   WHERE m.id = r.id
     AND (r.outcome IN ('inserted', 'updated') OR r.wrote_events OR r.was_deleted);

  RETURN QUERY
  SELECT r.sender_id, r.id, m.version, r.is_new, r.outcome,
         r.events_read, coalesce(c.inserted, 0), coalesce(c.updated, 0), coalesce(c.stale, 0)
  FROM unnest(v_resolved) AS r
  JOIN messenger_conversations m ON m.id = r.id
  LEFT JOIN unnest(v_counts) AS c ON c.conversation_id = r.id;
END
$$;
--> statement-breakpoint

-- One conversation with its events: the form webhooks and SQL users call. p_conversation is one object as above.
CREATE FUNCTION upsert_conversation_with_events(
  p_connection_id uuid, p_page_id text, p_conversation jsonb
) RETURNS TABLE (conversation_id uuid, version integer, is_new boolean, events_written integer)
LANGUAGE sql VOLATILE
AS $$
  SELECT b.conversation_id, b.version, b.is_new, b.events_inserted + b.events_updated
  FROM bulk_upsert_conversations_with_events(p_connection_id, p_page_id, jsonb_build_array(p_conversation)) AS b
$$;
