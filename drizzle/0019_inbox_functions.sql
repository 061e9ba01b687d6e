-- What webhooks add to the one way events are written (0004, 0008). An event of the input may also have
--
--   subject_id  what an event without a message_id is about: the message that was edited, reacted to or unsent; such
--               events are unique by (conversation, time, type, subject).
--   notified    of a message: what its notification told and no later reading of it repeats, with its `type`.
--
-- Two rules keep the end the same whatever comes first:
--
--   The text of a message is that of the newest among its own version and the edits of it (`edit`; `unsend` takes the
--   text away). Edits are rows of their own and are never lost, so the text is derived from them whenever a version of
--   the message or an edit of it is written: an edit may come before its message.
--
--   `notified` is a version of its own beside the message's: the newest notification stands, whichever reading is
--   newer than it. Its `type` says what the row is (a postback stays one, though a reading shows it as a message).
ALTER TYPE tidemark_event_input
  ADD ATTRIBUTE subject_id text, ADD ATTRIBUTE notified jsonb, ADD ATTRIBUTE notified_as_of timestamptz,
  ADD ATTRIBUTE held_type text;
--> statement-breakpoint

-- Writes the events of conversations that are locked by the caller, and counts per conversation. Unchanged events
-- are not even locked.
CREATE OR REPLACE FUNCTION tidemark_write_events(
  p_conversations jsonb, p_resolved tidemark_conversation_input[]
) RETURNS tidemark_event_counts[]
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_events tidemark_event_input[];
  v_changed tidemark_event_input[];
  v_counts tidemark_event_counts[];
BEGIN
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
    RETURN '{}';
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
    RETURN '{}';
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
  RETURN v_counts;
END
$$;
--> statement-breakpoint

-- Gives messages that were there before the newest notification of them. One whose version was stale counts as updated.
CREATE FUNCTION tidemark_write_notified(
  p_changed tidemark_event_input[], p_counts tidemark_event_counts[]
) RETURNS tidemark_event_counts[]
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_counts tidemark_event_counts[];
BEGIN
  WITH notified AS (
    UPDATE contact_interaction_events m
       SET notified = e.notified, notified_as_of = e.notified_as_of, event_type = e.notified ->> 'type',
           version = CASE WHEN m.content_hash = e.content_hash THEN m.version ELSE m.version + 1 END, updated_at = now()
      FROM unnest(p_changed) AS e
     WHERE e.notified IS NOT NULL AND e.held_type IS NOT NULL
       AND m.conversation_id = e.conversation_id AND m.message_id = e.message_id
       AND (m.notified IS NULL OR (e.notified_as_of, e.notified::text COLLATE "C")
                                > (m.notified_as_of, m.notified::text COLLATE "C"))
    RETURNING m.conversation_id, m.content_hash <> e.content_hash AS was_stale
  )
  SELECT array_agg(ROW(
           c.conversation_id, c.inserted, c.updated + coalesce(n.stale, 0), c.stale - coalesce(n.stale, 0), c.messages
         )::tidemark_event_counts)
    INTO v_counts
  FROM unnest(p_counts) AS c
  LEFT JOIN (
    SELECT conversation_id, (count(*) FILTER (WHERE was_stale))::integer AS stale FROM notified GROUP BY conversation_id
  ) AS n ON n.conversation_id = c.conversation_id;
  RETURN v_counts;
END
$$;
--> statement-breakpoint

-- Lets edits that are newer than the version of their message show in its text, for what was just written.
CREATE FUNCTION tidemark_write_edited_texts(p_changed tidemark_event_input[]) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  UPDATE contact_interaction_events m
     SET text = d.text, version = m.version + 1, updated_at = now()
    FROM (
      SELECT DISTINCT ON (d.conversation_id, d.subject_id)
             d.conversation_id, d.subject_id, d.text, d.as_of, d.content_hash
      FROM (
        SELECT DISTINCT e.conversation_id, coalesce(e.message_id, e.subject_id) COLLATE "C" AS message_id
        FROM unnest(p_changed) AS e
        WHERE e.message_id IS NOT NULL OR e.event_type IN ('edit', 'unsend')
      ) AS touched
      JOIN contact_interaction_events d
        ON d.conversation_id = touched.conversation_id AND d.subject_id = touched.message_id AND d.subject_id <> ''
      WHERE d.message_id IS NULL AND d.event_type IN ('edit', 'unsend')
      ORDER BY d.conversation_id, d.subject_id, d.as_of DESC, d.content_hash DESC
    ) AS d
   WHERE m.conversation_id = d.conversation_id AND m.message_id = d.subject_id
     AND (d.as_of, d.content_hash) > (m.as_of, m.content_hash) AND m.text IS DISTINCT FROM d.text;
END
$$;
