-- Local edits in the one way conversations are written. Beside what 0004 says, a conversation of the input may have
-- conversation_status, from sources that know one.
--
-- local_edits holds, by field, what a person changed (packages/core/src/resolution). An edited field shows the local
-- value; what the source says goes into its sourceValue. A version of the source touches an edit when it is newer than
-- the version the edit was made on (baseAsOf, baseHash) and says something else than that one did. The connection's
-- policy then decides:
--   source_wins: the edit falls, and the field shows what the source says now; the edit is kept as a resolved conflict.
--                That holds also for a version that arrives late and is itself stale, so that the order of arrival
--                makes no difference.
--   local_wins:  the edit stays.
--   manual:      the edit stays; while the source says neither what the edit was made on nor what the edit says, the
--                record has one open conflict.
ALTER TYPE tidemark_conversation_input
  ADD ATTRIBUTE conversation_status text, ADD ATTRIBUTE has_edits boolean;
--> statement-breakpoint
CREATE TYPE tidemark_settled_edits AS (
  conversation_id uuid, connection_id uuid, policy text, shown jsonb, local_edits jsonb, disputes jsonb,
  base_version integer, falls boolean, is_disputed boolean
);
--> statement-breakpoint

-- The conversations of the input, without their events, with what is left out filled in.
CREATE FUNCTION tidemark_given_conversations(p_conversations jsonb)
RETURNS TABLE (
  sender_id text, graph_id text, sender_name text, conversation_status text, source_updated_at timestamptz,
  as_of timestamptz, content_hash text, events integer
)
LANGUAGE sql VOLATILE
AS $$
  SELECT c.sender_id, c.graph_id, c.sender_name, c.conversation_status, c.source_updated_at,
         coalesce(c.as_of, clock_timestamp()),
         CASE
           WHEN c.content_hash IS NOT NULL THEN c.content_hash
           WHEN coalesce(c.graph_id, c.sender_name, c.conversation_status) IS NOT NULL
           THEN md5((
             jsonb_build_array(c.graph_id, c.sender_name, c.source_updated_at)
             || coalesce(to_jsonb(c.conversation_status), '[]'::jsonb)
           )::text)
         END,
         jsonb_array_length(coalesce(c.events, '[]'::jsonb))
  FROM jsonb_to_recordset(p_conversations) AS c(
    sender_id text, graph_id text, sender_name text, conversation_status text, source_updated_at timestamptz,
    as_of timestamptz, content_hash text, events jsonb
  )
$$;
--> statement-breakpoint

CREATE OR REPLACE FUNCTION tidemark_resolve_conversations(
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
    SELECT c.*, sum(c.events) OVER (PARTITION BY c.sender_id) AS events_read
    FROM tidemark_given_conversations(p_conversations) AS c
  ), newest AS (
    -- One contact may come twice in one page: the newest version of its conversation counts.
    SELECT DISTINCT ON (g.sender_id) g.*
    FROM given g
    ORDER BY g.sender_id, g.content_hash IS NULL, g.as_of DESC, g.content_hash COLLATE "C" DESC
  )
  SELECT coalesce(array_agg(ROW(
           NULL, n.sender_id, n.graph_id, n.sender_name, n.source_updated_at, n.as_of, n.content_hash,
           NULL, NULL, NULL, n.events_read, n.conversation_status, NULL
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
           g.events_read, g.conversation_status, m.local_edits <> '{}'
         )::tidemark_conversation_input), '{}')
    INTO v_resolved
  FROM unnest(v_given) AS g
  JOIN messenger_conversations m ON m.page_id = p_page_id AND m.sender_id = g.sender_id;
  RETURN v_resolved;
END
$$;
--> statement-breakpoint

-- What becomes of the local edits of conversations that are locked by the caller, which writes the rows; conflicts are
-- opened, brought up to date and closed here.
CREATE FUNCTION tidemark_settle_local_edits(
  p_conversations jsonb, p_resolved tidemark_conversation_input[]
) RETURNS tidemark_settled_edits[]
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_settled tidemark_settled_edits[];
BEGIN
  -- Almost always: nothing in the page was edited.
  IF NOT EXISTS (SELECT 1 FROM unnest(p_resolved) AS r WHERE r.has_edits AND r.outcome <> 'named') THEN
    RETURN '{}';
  END IF;

  WITH given AS MATERIALIZED (
    -- Every version of the input, not only the newest of each conversation: any of them may touch an edit.
    SELECT g.sender_id, g.as_of, g.content_hash,
           jsonb_build_object('senderName', g.sender_name, 'conversationStatus', g.conversation_status) AS said
    FROM tidemark_given_conversations(p_conversations) AS g
    WHERE g.content_hash IS NOT NULL
  ), edited AS (
    SELECT m.id, m.connection_id, c.conflict_policy AS policy, r.outcome = 'updated' AS takes_content,
           f.key AS field, f.value AS edit,
           -- A version that does not tell a field says nothing about it.
           coalesce(
             CASE WHEN r.outcome = 'updated' THEN nullif(jsonb_build_object(
               'senderName', r.sender_name, 'conversationStatus', r.conversation_status) -> f.key, 'null') END,
             f.value -> 'sourceValue'
           ) AS source_value,
           EXISTS (
             SELECT 1 FROM given g
             WHERE g.sender_id = r.sender_id
               AND (g.as_of, g.content_hash COLLATE "C")
                 > ((f.value ->> 'baseAsOf')::timestamptz, (f.value ->> 'baseHash') COLLATE "C")
               AND nullif(g.said -> f.key, 'null') <> f.value -> 'baseValue'
           ) AS touched
    FROM unnest(p_resolved) AS r
    JOIN messenger_conversations m ON m.id = r.id
    JOIN connections c ON c.id = m.connection_id
    CROSS JOIN LATERAL jsonb_each(m.local_edits) AS f
    WHERE r.has_edits AND r.outcome <> 'named'
  ), judged AS (
    SELECT e.*, e.policy = 'source_wins' AND e.touched AS falls,
           e.policy = 'manual' AND e.takes_content AND e.source_value <> e.edit -> 'baseValue'
             AND e.source_value <> e.edit -> 'value' AS is_disputed
    FROM edited e
  )
  SELECT coalesce(array_agg(ROW(
           j.id, j.connection_id, j.policy, j.shown, j.local_edits, j.disputes, j.base_version, j.falls, j.is_disputed
         )::tidemark_settled_edits), '{}')
    INTO v_settled
  FROM (
    SELECT id, connection_id, policy,
           jsonb_object_agg(field, CASE WHEN falls THEN source_value ELSE edit -> 'value' END) AS shown,
           coalesce(jsonb_object_agg(field, edit || jsonb_build_object('sourceValue', source_value))
             FILTER (WHERE NOT falls), '{}') AS local_edits,
           jsonb_object_agg(field, jsonb_build_object(
             'source', source_value, 'local', edit -> 'value', 'base', edit -> 'baseValue'
           )) FILTER (WHERE falls OR is_disputed) AS disputes,
           max((edit ->> 'baseVersion')::integer) FILTER (WHERE falls OR is_disputed) AS base_version,
           bool_or(falls) AS falls, bool_or(is_disputed) AS is_disputed
    FROM judged
    GROUP BY id, connection_id, policy, takes_content
    HAVING takes_content OR bool_or(falls)
  ) AS j;

  INSERT INTO sync_conflicts AS held (connection_id, stream, record_id, fields, base_version)
  SELECT s.connection_id, 'conversations', s.conversation_id, s.disputes, s.base_version
  FROM unnest(v_settled) AS s
  WHERE s.disputes IS NOT NULL
  ON CONFLICT (stream, record_id) WHERE status = 'open' DO UPDATE
    SET fields = excluded.fields, base_version = excluded.base_version, updated_at = now()
    WHERE held.fields <> excluded.fields;

  UPDATE sync_conflicts k
     SET status = 'resolved', resolution = CASE WHEN s.policy = 'manual' THEN 'obsolete' ELSE 'policy' END,
         resolved_at = clock_timestamp(), updated_at = now()
    FROM unnest(v_settled) AS s
   WHERE k.stream = 'conversations' AND k.record_id = s.conversation_id AND k.status = 'open' AND NOT s.is_disputed;
  RETURN v_settled;
END
$$;
--> statement-breakpoint

CREATE OR REPLACE FUNCTION bulk_upsert_conversations_with_events(
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
  v_settled tidemark_settled_edits[];
BEGIN
  v_resolved := tidemark_resolve_conversations(p_connection_id, p_page_id, p_conversations);
  v_counts := tidemark_write_events(p_conversations, v_resolved);
  v_settled := tidemark_settle_local_edits(p_conversations, v_resolved);

  -- Figures derived from the events change here, by what was really written, under the lock taken above.
  UPDATE messenger_conversations m
     SET graph_id = CASE WHEN r.takes_content THEN coalesce(r.graph_id, m.graph_id) ELSE m.graph_id END,
         sender_name = CASE
           WHEN r.shown ? 'senderName' THEN r.shown ->> 'senderName'
           WHEN r.takes_content THEN coalesce(r.sender_name, m.sender_name)
           ELSE m.sender_name
         END,
         conversation_status = CASE
           WHEN r.shown ? 'conversationStatus' THEN r.shown ->> 'conversationStatus'
           WHEN r.takes_content THEN coalesce(r.conversation_status, m.conversation_status)
           ELSE m.conversation_status
         END,
         local_edits = coalesce(r.local_edits, m.local_edits),
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
             i.outcome IN ('inserted', 'updated') AND i.content_hash IS NOT NULL AS takes_content,
             s.shown, s.local_edits, coalesce(s.falls, false) AS falls
      FROM unnest(v_resolved) AS i
      LEFT JOIN unnest(v_counts) AS c ON c.conversation_id = i.id
      LEFT JOIN unnest(v_settled) AS s ON s.conversation_id = i.id
    ) AS r
    LEFT JOIN LATERAL (
      SELECT e.text, e.event_timestamp
      FROM contact_interaction_events e
      WHERE r.wrote_events AND e.conversation_id = r.id AND e.event_type = 'message'
      ORDER BY e.event_timestamp DESC, e.message_id DESC NULLS LAST
      LIMIT 1
    ) AS newest ON true
   WHERE m.id = r.id
     AND (r.outcome IN ('inserted', 'updated') OR r.wrote_events OR r.was_deleted OR r.falls);

  RETURN QUERY
  SELECT r.sender_id, r.id, m.version, r.is_new, r.outcome,
         r.events_read, coalesce(c.inserted, 0), coalesce(c.updated, 0), coalesce(c.stale, 0)
  FROM unnest(v_resolved) AS r
  JOIN messenger_conversations m ON m.id = r.id
  LEFT JOIN unnest(v_counts) AS c ON c.conversation_id = r.id;
END
$$;
