-- What happens because a message came, in the transaction that stores it (0004, 0008, 0019): events for subscribers,
-- and tags that a reply answers. Which automation rules fire is decided by the program (packages/core/src/automation),
-- in the same transaction: bulk_upsert_conversations_with_events hands it what the rules have to be asked about.
--
-- All of it is done for events that were not known before, so once, whichever path brings them and however often. Whoever
-- holds the conversation's row is the only writer of its events, its firings and, by rules and replies, its tags.
--
-- Lock order goes on after the conversations: their tags, the automation rules that fire (key share), their firings, the
-- outgoing events.

-- An event that was not known before, as it was sent: an edit that came first is not in its text.
CREATE TYPE tidemark_new_event AS (
  id uuid, conversation_id uuid, event_type text, event_timestamp timestamptz, message_id text COLLATE "C",
  direction text, text text
);
--> statement-breakpoint

-- Who listens to a connection; null when nobody does, which is the usual case and must cost next to nothing.
--   told_since  what happened before is of no interest to any subscriber; null: there is none
--   rules_since what happened before is of no interest to any rule; null: there is none
--   has_tags    a conversation that is being written has a tag that the contact's next reply removes
CREATE TYPE tidemark_audience AS (
  connection_id uuid, tenant_id uuid, told_since timestamptz, rules_since timestamptz, has_tags boolean
);
--> statement-breakpoint

CREATE FUNCTION tidemark_audience_of(
  p_connection_id uuid, p_resolved tidemark_conversation_input[]
) RETURNS tidemark_audience
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_heard tidemark_audience;
BEGIN
  SELECT c.id, c.tenant_id,
         (SELECT min(s.created_at) FROM subscribers s
          WHERE s.tenant_id = c.tenant_id AND s.status = 'active' AND (
            s.event_types = '{}'
            OR s.event_types && ARRAY['message.received', 'message.sent', 'conversation.created'])),
         (SELECT min(r.active_since) FROM automation_rules r
          WHERE r.tenant_id = c.tenant_id AND r.enabled AND (r.connection_id IS NULL OR r.connection_id = c.id)),
         EXISTS (
           SELECT 1 FROM unnest(p_resolved) AS w
           JOIN conversation_tags t ON t.conversation_id = w.id AND t.automatic AND t.removed_at IS NULL)
    INTO v_heard
  FROM connections c
  WHERE c.id = p_connection_id;
  IF v_heard.told_since IS NULL AND v_heard.rules_since IS NULL AND v_heard.has_tags IS NOT TRUE THEN
    RETURN NULL;
  END IF;
  RETURN v_heard;
END
$$;
--> statement-breakpoint

-- What tidemark_write_events inserted, of the events it changed, oldest first.
CREATE FUNCTION tidemark_new_events(p_changed tidemark_event_input[]) RETURNS tidemark_new_event[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(ROW(
             held.id, e.conversation_id, held.event_type, e.event_timestamp, e.message_id, e.direction, e.text
           )::tidemark_new_event ORDER BY e.event_timestamp, e.message_id COLLATE "C"), '{}')
    FROM unnest(p_changed) AS e
    JOIN LATERAL (
      SELECT h.id, h.event_type
      FROM contact_interaction_events h
      WHERE h.conversation_id = e.conversation_id AND h.message_id = e.message_id
      UNION ALL
      SELECT h.id, h.event_type
      FROM contact_interaction_events h
      WHERE e.message_id IS NULL AND h.message_id IS NULL AND h.conversation_id = e.conversation_id
        AND h.event_timestamp = e.event_timestamp AND h.event_type = e.event_type AND h.subject_id = e.subject_id
    ) AS held ON true
    WHERE e.held_type IS NULL AND e.direction IS NOT NULL
      AND held.event_type IN ('message', 'postback', 'referral', 'optin', 'reaction')
  );
END
$$;
--> statement-breakpoint

CREATE FUNCTION tidemark_iso(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE
AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint

-- tidemark_publish for what a page of conversations brings, in one statement. A conversation begins with the oldest of the
-- events that came with it, or is as old as the source says: one that was there before somebody subscribed is no news.
CREATE FUNCTION tidemark_publish_messages(
  p_heard tidemark_audience, p_resolved tidemark_conversation_input[], p_new tidemark_new_event[]
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  IF p_heard.told_since IS NULL THEN
    RETURN;
  END IF;
  WITH happened AS MATERIALIZED (
    SELECT tidemark_uuidv7() AS event_id, h.*
    FROM (
      SELECT 'conversation.created' AS type, r.id AS conversation_id, began.at AS occurred_at, 0 AS place,
             '' COLLATE "C" AS message_id, '{}'::jsonb AS said
      FROM unnest(p_resolved) AS r
      CROSS JOIN LATERAL (
        SELECT coalesce(min(n.event_timestamp), r.source_updated_at, clock_timestamp()) AS at
        FROM unnest(p_new) AS n WHERE n.conversation_id = r.id
      ) AS began
      WHERE r.is_new
      UNION ALL
      SELECT CASE n.direction WHEN 'in' THEN 'message.received' ELSE 'message.sent' END, n.conversation_id,
             n.event_timestamp, 1, coalesce(n.message_id, ''),
             jsonb_build_object('eventId', n.id, 'eventType', n.event_type, 'messageId', n.message_id, 'text', e.text,
                                'at', tidemark_iso(n.event_timestamp))
      FROM unnest(p_new) AS n
      JOIN contact_interaction_events e ON e.id = n.id
      WHERE n.event_type IN ('message', 'postback')
    ) AS h
    WHERE h.occurred_at >= p_heard.told_since
  ), told AS MATERIALIZED (
    SELECT h.*, s.id AS subscriber_id, 'conversation ' || h.conversation_id AS subject
    FROM happened h
    JOIN subscribers s ON s.tenant_id = p_heard.tenant_id AND s.status = 'active' AND s.created_at <= h.occurred_at
      AND (s.event_types = '{}' OR h.type = ANY (s.event_types))
  ), event AS (
    INSERT INTO outgoing_events (id, tenant_id, type, subject, occurred_at, data)
    SELECT t.event_id, p_heard.tenant_id, t.type, t.subject, t.occurred_at,
           jsonb_build_object('conversationId', m.id, 'connectionId', p_heard.connection_id, 'pageId', m.page_id,
                              'senderId', m.sender_id, 'version', m.version) || t.said
    FROM (SELECT DISTINCT ON (event_id) * FROM told) AS t
    JOIN messenger_conversations m ON m.id = t.conversation_id
  )
  INSERT INTO outgoing_deliveries (event_id, subscriber_id, subject)
  SELECT t.event_id, t.subscriber_id, t.subject
  FROM told t
  ORDER BY t.conversation_id, t.place, t.occurred_at, t.message_id;
END
$$;
--> statement-breakpoint

-- A contact that replies has answered what an automatic tag stands for, if it replied after the tag was set.
CREATE FUNCTION tidemark_remove_answered_tags(p_heard tidemark_audience, p_new tidemark_new_event[]) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  IF p_heard.has_tags THEN
    UPDATE conversation_tags t
       SET removed_at = clock_timestamp()
      FROM unnest(p_new) AS n
     WHERE t.conversation_id = n.conversation_id AND t.automatic AND t.removed_at IS NULL
       AND n.direction = 'in' AND n.event_type IN ('message', 'postback')
       AND (n.event_timestamp, coalesce(n.message_id, n.event_type) COLLATE "C") > (t.as_of, t.as_of_key);
  END IF;
END
$$;
--> statement-breakpoint

-- What the rules have to be asked about: an array by conversation, or null. isFirst: the contact wrote nothing before, as
-- far as we know.
CREATE FUNCTION tidemark_automation_events(p_heard tidemark_audience, p_new tidemark_new_event[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  RETURN (
    SELECT jsonb_object_agg(asked.conversation_id, asked.events)
    FROM (
      SELECT n.conversation_id, jsonb_agg(jsonb_build_object(
               'id', n.id, 'type', n.event_type, 'messageId', n.message_id, 'text', n.text,
               'at', tidemark_iso(n.event_timestamp),
               'isFirst', NOT EXISTS (
                 SELECT 1 FROM contact_interaction_events e
                 WHERE e.conversation_id = n.conversation_id AND e.direction = 'in'
                   AND e.event_type IN ('message', 'postback')
                   AND (e.event_timestamp < n.event_timestamp
                        OR (e.event_timestamp = n.event_timestamp AND e.message_id < n.message_id))
               ))) AS events
      FROM unnest(p_new) AS n
      WHERE n.direction = 'in' AND n.event_timestamp >= p_heard.rules_since
      GROUP BY n.conversation_id
    ) AS asked
  );
END
$$;
--> statement-breakpoint

-- As before; and says which events it inserted or changed: those without held_type are new.
DROP FUNCTION tidemark_write_events(jsonb, tidemark_conversation_input[]);
--> statement-breakpoint
CREATE FUNCTION tidemark_write_events(
  p_conversations jsonb, p_resolved tidemark_conversation_input[],
  OUT counts tidemark_event_counts[], OUT changed tidemark_event_input[]
)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_events tidemark_event_input[];
  v_changed tidemark_event_input[];
  v_counts tidemark_event_counts[];
BEGIN
  counts := '{}';
  changed := '{}';
  -- The newest version of each event: by message id, or by moment, type and subject when there is none. Of a message
  -- also the newest notification, which may be another version.
  SELECT coalesce(array_agg(ROW(
           e.conversation_id, e.event_type, e.event_timestamp, e.message_id, e.direction, e.text, e.metadata,
           e.as_of, e.content_hash, e.subject_id, e.newest_notified, e.newest_notified_as_of, NULL
         )::tidemark_event_input), '{}')
    INTO v_events
  FROM (
    SELECT DISTINCT ON (g.conversation_id, g.message_id COLLATE "C", g.moment, g.moment_type, g.moment_subject)
           g.*,
           first_value(g.notified) OVER notifications AS newest_notified,
           first_value(CASE WHEN g.notified IS NOT NULL THEN g.as_of END) OVER notifications AS newest_notified_as_of
    FROM (
      SELECT r.id AS conversation_id, e.event_type, e.event_timestamp, e.message_id, e.direction, e.text,
             coalesce(e.metadata, '{}'::jsonb) AS metadata,
             coalesce(e.as_of, e.event_timestamp) AS as_of,
             coalesce(e.content_hash, md5(jsonb_build_array(e.direction, e.text, e.metadata)::text)) AS content_hash,
             coalesce(e.subject_id, '') COLLATE "C" AS subject_id,
             CASE WHEN e.message_id IS NOT NULL THEN e.notified END AS notified,
             CASE WHEN e.message_id IS NULL THEN e.event_timestamp END AS moment,
             CASE WHEN e.message_id IS NULL THEN e.event_type END AS moment_type,
             CASE WHEN e.message_id IS NULL THEN coalesce(e.subject_id, '') COLLATE "C" END AS moment_subject
      FROM jsonb_to_recordset(p_conversations) AS c(sender_id text, events jsonb)
      JOIN unnest(p_resolved) AS r ON r.sender_id = c.sender_id
      CROSS JOIN LATERAL jsonb_to_recordset(coalesce(c.events, '[]'::jsonb)) AS e(
        event_type text, event_timestamp timestamptz, message_id text, direction text, text text,
        metadata jsonb, as_of timestamptz, content_hash text, subject_id text, notified jsonb
      )
    ) AS g
    WINDOW notifications AS (
      PARTITION BY g.conversation_id, g.message_id COLLATE "C", g.moment, g.moment_type, g.moment_subject
      ORDER BY g.notified IS NULL, g.as_of DESC, g.notified::text COLLATE "C" DESC
    )
    ORDER BY g.conversation_id, g.message_id COLLATE "C", g.moment, g.moment_type, g.moment_subject,
             g.as_of DESC, g.content_hash COLLATE "C" DESC
  ) AS e;
  IF cardinality(v_events) = 0 THEN
    RETURN;
  END IF;

  SELECT coalesce(array_agg(ROW(
           e.conversation_id, e.event_type, e.event_timestamp, e.message_id, e.direction, e.text, e.metadata,
           e.as_of, e.content_hash, e.subject_id, e.notified, e.notified_as_of, held.event_type
         )::tidemark_event_input), '{}')
    INTO v_changed
  FROM unnest(v_events) AS e
  LEFT JOIN LATERAL (
    SELECT h.event_type, h.content_hash, h.text, h.notified
    FROM contact_interaction_events h
    WHERE h.conversation_id = e.conversation_id AND h.message_id = e.message_id
    UNION ALL
    SELECT h.event_type, h.content_hash, h.text, h.notified
    FROM contact_interaction_events h
    WHERE e.message_id IS NULL AND h.message_id IS NULL AND h.conversation_id = e.conversation_id
      AND h.event_timestamp = e.event_timestamp AND h.event_type = e.event_type AND h.subject_id = e.subject_id
  ) AS held ON true
  WHERE held.content_hash IS DISTINCT FROM e.content_hash
     OR (e.notified IS NOT NULL AND held.notified IS DISTINCT FROM e.notified)
     -- The same content as the version that is held, but an edit stands in its place: it may be newer than the edit.
     OR (held.text IS DISTINCT FROM e.text AND EXISTS (
       SELECT 1 FROM contact_interaction_events d
       WHERE d.conversation_id = e.conversation_id AND d.subject_id = e.message_id AND d.subject_id <> ''
         AND d.message_id IS NULL AND d.event_type IN ('edit', 'unsend')
     ));
  IF cardinality(v_changed) = 0 THEN
    RETURN;
  END IF;

  WITH by_id AS (
    INSERT INTO contact_interaction_events AS held (
      conversation_id, event_type, event_timestamp, message_id, direction, text, metadata, as_of, content_hash,
      notified, notified_as_of
    )
    SELECT e.conversation_id, coalesce(e.notified ->> 'type', e.event_type), e.event_timestamp, e.message_id,
           e.direction, e.text, e.metadata, e.as_of, e.content_hash, e.notified, e.notified_as_of
    FROM unnest(v_changed) AS e WHERE e.message_id IS NOT NULL
    ON CONFLICT (conversation_id, message_id) WHERE message_id IS NOT NULL DO UPDATE
      SET event_type = coalesce(held.notified ->> 'type', excluded.event_type),
          event_timestamp = excluded.event_timestamp,
          direction = excluded.direction, text = excluded.text, metadata = excluded.metadata,
          as_of = excluded.as_of, content_hash = excluded.content_hash,
          version = held.version + 1, updated_at = now()
      WHERE (excluded.as_of, excluded.content_hash) > (held.as_of, held.content_hash)
    RETURNING held.conversation_id, held.version = 1 AS inserted
  ), by_moment AS (
    INSERT INTO contact_interaction_events AS held (
      conversation_id, event_type, event_timestamp, subject_id, direction, text, metadata, as_of, content_hash
    )
    SELECT e.conversation_id, e.event_type, e.event_timestamp, e.subject_id, e.direction, e.text, e.metadata, e.as_of,
           e.content_hash
    FROM unnest(v_changed) AS e WHERE e.message_id IS NULL
    ON CONFLICT (conversation_id, event_timestamp, event_type, subject_id) WHERE message_id IS NULL DO UPDATE
      SET direction = excluded.direction, text = excluded.text, metadata = excluded.metadata,
          as_of = excluded.as_of, content_hash = excluded.content_hash,
          version = held.version + 1, updated_at = now()
      WHERE (excluded.as_of, excluded.content_hash) > (held.as_of, held.content_hash)
    RETURNING held.conversation_id, held.version = 1 AS inserted
  ), tally AS (
    SELECT conversation_id, inserted::integer AS inserted, (NOT inserted)::integer AS updated, 0 AS candidate
    FROM (SELECT * FROM by_id UNION ALL SELECT * FROM by_moment) AS written
    UNION ALL
    SELECT e.conversation_id, 0, 0, 1 FROM unnest(v_changed) AS e
  )
  -- A changed event that was not written is older than the one that is held.
  SELECT coalesce(array_agg(ROW(
           t.conversation_id, t.inserted, t.updated, t.candidates - t.inserted - t.updated, 0
         )::tidemark_event_counts), '{}')
    INTO v_counts
  FROM (
    SELECT conversation_id, sum(inserted)::integer AS inserted, sum(updated)::integer AS updated,
           sum(candidate)::integer AS candidates
    FROM tally GROUP BY conversation_id
  ) AS t;

  IF EXISTS (SELECT 1 FROM unnest(v_changed) AS e WHERE e.notified IS NOT NULL AND e.held_type IS NOT NULL) THEN
    v_counts := tidemark_write_notified(v_changed, v_counts);
  END IF;
  PERFORM tidemark_write_edited_texts(v_changed);

  -- What became a message, or ceased to be one: a row may change its type when its notification comes.
  SELECT array_agg(ROW(c.conversation_id, c.inserted, c.updated, c.stale, coalesce(d.messages, 0))::tidemark_event_counts)
    INTO v_counts
  FROM unnest(v_counts) AS c
  LEFT JOIN (
    SELECT e.conversation_id, sum(CASE
             WHEN e.held_type IS NULL THEN (coalesce(e.notified ->> 'type', e.event_type) = 'message')::integer
             WHEN e.held_type = coalesce(e.notified ->> 'type', e.event_type) THEN 0
             ELSE (
               SELECT (m.event_type = 'message')::integer FROM contact_interaction_events m
               WHERE m.conversation_id = e.conversation_id AND m.message_id = e.message_id
             ) - (e.held_type = 'message')::integer
           END)::integer AS messages
    FROM unnest(v_changed) AS e GROUP BY e.conversation_id
  ) AS d ON d.conversation_id = c.conversation_id;
  counts := v_counts;
  changed := v_changed;
END
$$;
--> statement-breakpoint

-- Writes what rules say about tags. The newest word about a tag stands; a tag to be removed by the contact's next reply is
-- not set when that reply is here already. p_changes: [{conversation_id, tag, is_added, automatic, as_of, as_of_key,
-- rule_id}], one for each conversation and tag, of conversations that the caller has locked.
CREATE FUNCTION tidemark_change_tags(p_changes jsonb) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO conversation_tags AS held (
    conversation_id, tag, automatic, as_of, as_of_key, cause, rule_id, removed_at, created_at
  )
  SELECT c.conversation_id, c.tag, c.automatic, c.as_of, c.as_of_key, 'rule', c.rule_id,
         CASE WHEN NOT c.is_added OR (c.automatic AND EXISTS (
           SELECT 1 FROM contact_interaction_events e
           WHERE e.conversation_id = c.conversation_id AND e.direction = 'in'
             AND e.event_type IN ('message', 'postback') AND e.event_timestamp >= c.as_of
             AND (e.event_timestamp, coalesce(e.message_id, e.event_type) COLLATE "C") > (c.as_of, c.as_of_key COLLATE "C")
         )) THEN clock_timestamp() END,
         clock_timestamp()
  FROM jsonb_to_recordset(p_changes) AS c(
    conversation_id uuid, tag text, is_added boolean, automatic boolean, as_of timestamptz, as_of_key text, rule_id uuid
  )
  ORDER BY c.conversation_id, c.tag
  ON CONFLICT (conversation_id, tag) DO UPDATE
    SET automatic = excluded.automatic, as_of = excluded.as_of, as_of_key = excluded.as_of_key, cause = excluded.cause,
        rule_id = excluded.rule_id, removed_at = excluded.removed_at,
        created_at = CASE WHEN held.removed_at IS NULL THEN held.created_at ELSE excluded.created_at END
    WHERE (excluded.as_of, excluded.as_of_key) > (held.as_of, held.as_of_key)
$$;
--> statement-breakpoint

-- As in 0008; and tells subscribers, takes away answered tags, and hands out automation_events (null: none).
DROP FUNCTION bulk_upsert_conversations_with_events(uuid, text, jsonb);
--> statement-breakpoint
CREATE FUNCTION bulk_upsert_conversations_with_events(
  p_connection_id uuid, p_page_id text, p_conversations jsonb
) RETURNS TABLE (
  sender_id text, conversation_id uuid, version integer, is_new boolean, outcome text,
  events_read integer, events_inserted integer, events_updated integer, events_stale integer,
  automation_events jsonb
)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_resolved tidemark_conversation_input[];
  v_counts tidemark_event_counts[];
  v_changed tidemark_event_input[];
  v_new tidemark_new_event[] := '{}';
  v_heard tidemark_audience;
  v_automation jsonb;
  v_settled tidemark_settled_edits[];
BEGIN
  v_resolved := tidemark_resolve_conversations(p_connection_id, p_page_id, p_conversations);
  SELECT w.counts, w.changed INTO v_counts, v_changed FROM tidemark_write_events(p_conversations, v_resolved) AS w;
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

  v_heard := tidemark_audience_of(p_connection_id, v_resolved);
  IF v_heard.connection_id IS NOT NULL THEN
    v_new := tidemark_new_events(v_changed);
    PERFORM tidemark_publish_messages(v_heard, v_resolved, v_new);
    PERFORM tidemark_remove_answered_tags(v_heard, v_new);
    v_automation := tidemark_automation_events(v_heard, v_new);
  END IF;

  RETURN QUERY
  SELECT r.sender_id, r.id, m.version, r.is_new, r.outcome,
         r.events_read, coalesce(c.inserted, 0), coalesce(c.updated, 0), coalesce(c.stale, 0),
         v_automation -> r.id::text
  FROM unnest(v_resolved) AS r
  JOIN messenger_conversations m ON m.id = r.id
  LEFT JOIN unnest(v_counts) AS c ON c.conversation_id = r.id;
END
$$;
