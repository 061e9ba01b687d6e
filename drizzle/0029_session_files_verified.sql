ALTER TABLE "claude_files" ADD COLUMN "read_outcome" text;--> statement-breakpoint

-- The lines of a file that begin from `p_from` on and before `p_to`; null: to the end. Found in the index by both bounds,
-- whatever the statistics say: a plan for all chunks of a page, however few, read all lines that are stored once a file had
-- some hundred thousand, so that the cost of a page grew with the file.
CREATE FUNCTION tidemark_lines_within(p_file_id bigint, p_from bigint, p_to bigint)
RETURNS TABLE (file_id bigint, byte_offset bigint, content_hash text, message_key text, session_id text)
-- Not in SQL: it would become part of the calling statement, and of its plan.
LANGUAGE plpgsql STABLE ROWS 100 SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT l.file_id, l.byte_offset, l.content_hash, l.message_key, l.session_id
  FROM claude_lines l
  WHERE l.file_id = p_file_id AND l.byte_offset >= p_from AND l.byte_offset < coalesce(p_to, 9223372036854775807);
END
$$;
--> statement-breakpoint

DROP FUNCTION tidemark_session_counts(tidemark_session_chunk[], jsonb, jsonb, jsonb, jsonb, jsonb);
--> statement-breakpoint

-- What a page comes to, by stream. As before, but for files: each is counted once, on the page that reads it to its end.
CREATE FUNCTION tidemark_session_counts(
  p_files jsonb, p_given jsonb, p_removed jsonb, p_added jsonb, p_messages jsonb, p_written jsonb
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  WITH message AS (
    SELECT k.key, coalesce(m.outcome, 'skipped') AS outcome
    FROM (
      SELECT g ->> 3 AS key FROM jsonb_array_elements(p_given) AS g WHERE g ->> 3 IS NOT NULL
      UNION SELECT e ->> 0 FROM jsonb_array_elements(p_messages) AS e WHERE e ->> 2 = 'updated'
    ) AS k
    LEFT JOIN (
      SELECT e ->> 0 AS key, min(e ->> 2) AS outcome FROM jsonb_array_elements(p_messages) AS e
      WHERE e ->> 2 IN ('inserted', 'updated') GROUP BY 1
    ) m USING (key)
  ), session AS (
    SELECT s.id, coalesce(p_written ->> s.id, 'skipped') AS outcome
    FROM (
      SELECT g ->> 4 FROM jsonb_array_elements(p_given) AS g
      UNION SELECT w.key FROM jsonb_each_text(p_written) AS w WHERE w.value <> 'deleted'
    ) AS s(id)
  ), other AS (
    SELECT (SELECT count(*) FROM jsonb_array_elements(p_given) AS g WHERE g ->> 3 IS NULL) AS read,
           (SELECT count(*) FROM jsonb_array_elements(p_added) AS e WHERE e ->> 0 IS NULL) AS inserted,
           (SELECT count(*) FROM jsonb_array_elements(p_removed) AS e WHERE e ->> 0 IS NULL) AS deleted
  )
  SELECT jsonb_build_object(
    'files', (SELECT jsonb_build_object(
                'read', count(*), 'inserted', count(*) FILTER (WHERE f = 'inserted'),
                'updated', count(*) FILTER (WHERE f = 'updated'), 'deleted', 0) FROM jsonb_array_elements_text(p_files) AS f),
    'sessions', (SELECT jsonb_build_object(
                'read', count(*), 'inserted', count(*) FILTER (WHERE outcome = 'inserted'),
                'updated', count(*) FILTER (WHERE outcome = 'updated'),
                'deleted', (SELECT count(*) FROM jsonb_each_text(p_written) AS w WHERE w.value = 'deleted')) FROM session),
    'messages', (SELECT jsonb_build_object(
                'read', count(*), 'inserted', count(*) FILTER (WHERE outcome = 'inserted'),
                'updated', count(*) FILTER (WHERE outcome = 'updated'),
                'deleted', (SELECT count(*) FROM jsonb_array_elements(p_messages) AS e WHERE e ->> 2 = 'deleted')) FROM message),
    'lines', (SELECT jsonb_build_object('read', read, 'inserted', inserted, 'updated', 0, 'deleted', deleted) FROM other)
  )
$$;
--> statement-breakpoint

DROP FUNCTION tidemark_write_session_files(uuid, jsonb, json);
--> statement-breakpoint

-- As before, but for the lines it looks up, for files, which are counted once, and for what a verification distrusts: messages with these keys are made what
-- their lines say also when no line changed, and these sessions are made what their messages say.
CREATE FUNCTION tidemark_write_session_files(
  p_connection_id uuid, p_chunks jsonb, p_lines json, p_keys text[] DEFAULT '{}', p_sessions text[] DEFAULT '{}'
) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_chunks tidemark_session_chunk[];
  v_given jsonb;
  v_removed jsonb;
  v_added jsonb;
  v_keys text[];
  v_messages jsonb;
  v_effects tidemark_session_effect[];
  v_sessions text[];
  v_written jsonb;
  v_files jsonb;
BEGIN
  WITH chunk AS (
    SELECT DISTINCT ON (c.path COLLATE "C") c.*
    FROM jsonb_to_recordset(p_chunks) AS c(
      n integer, path text, session_id text, agent_id text, project text, size bigint, modified_at timestamptz
    )
    ORDER BY c.path COLLATE "C", c.n DESC
  ), written AS (
    INSERT INTO claude_files AS f (connection_id, path, session_id, agent_id, project, size, modified_at)
    SELECT p_connection_id, c.path, c.session_id, c.agent_id, c.project, c.size, c.modified_at FROM chunk c
    ORDER BY c.path COLLATE "C"
    ON CONFLICT (connection_id, path) DO UPDATE
      SET session_id = excluded.session_id, agent_id = excluded.agent_id, project = excluded.project,
          size = excluded.size, modified_at = excluded.modified_at, gone_at = NULL, updated_at = now()
    RETURNING f.id, f.path
  )
  SELECT array_agg(ROW(
           c.n, w.id, c.path, c.session_id, c.from_byte, c.to_byte, c.at_end, h.id IS NULL
         )::tidemark_session_chunk ORDER BY c.n)
    INTO v_chunks
  FROM jsonb_to_recordset(p_chunks) AS c(
    n integer, path text, session_id text, from_byte bigint, to_byte bigint, at_end boolean
  )
  JOIN written w ON w.path = c.path
  LEFT JOIN claude_files h ON h.connection_id = p_connection_id AND h.path = c.path;

  SELECT coalesce(jsonb_agg(jsonb_build_array(g.n, g.o, g.h, g.k, g.s)), '[]') INTO v_given
  FROM json_to_recordset(p_lines) AS g(n integer, o bigint, h text, k text, s text);

  WITH gone AS MATERIALIZED (
    SELECT h.file_id, h.byte_offset
    FROM unnest(v_chunks) AS c
    CROSS JOIN LATERAL tidemark_lines_within(
      c.file_id, c.from_byte, CASE WHEN c.at_end THEN NULL ELSE c.to_byte END
    ) AS h
    WHERE NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(v_given) AS g
      WHERE (g ->> 0)::integer = c.n AND (g ->> 1)::bigint = h.byte_offset AND g ->> 2 = h.content_hash
    )
  ), removed AS (
    DELETE FROM claude_lines l USING gone
    WHERE l.file_id = gone.file_id AND l.byte_offset = gone.byte_offset
    RETURNING l.message_key, l.session_id, l.file_id
  )
  SELECT coalesce(jsonb_agg(jsonb_build_array(r.message_key, r.session_id, r.file_id)), '[]') INTO v_removed FROM removed r;

  WITH added AS (
    INSERT INTO claude_lines (
      file_id, byte_offset, byte_length, line_number, connection_id, type, uuid, parent_uuid, session_id, agent_id,
      is_sidechain, at, cwd, git_branch, program_version, title, title_rank, message_key, message_id, request_id, role,
      model, stop_reason, input_tokens, output_tokens, cache_creation_tokens, cache_read_tokens, payload,
      payload_original, content_hash, words_hash
    )
    SELECT c.file_id, g.o, g.b, g.l, p_connection_id, g.t, g.u, g.p, g.s, g.a, g.sc, g.at, g.cwd, g.br, g.v, g.ti, g.tr,
           g.k, g.m, g.r, g.ro, g.mo, g.st, g.ti_, g.to_, g.cc, g.cr, g.payload, g.po, g.h,
           CASE WHEN g.k IS NOT NULL THEN tidemark_session_words_hash(g.payload) END
    FROM json_to_recordset(p_lines) AS g(
      n integer, o bigint, b integer, l integer, t text, u text, p text, s text, a text, sc boolean, at timestamptz,
      cwd text, br text, v text, ti text, tr smallint, k text, m text, r text, ro text, mo text, st text,
      ti_ bigint, to_ bigint, cc bigint, cr bigint, payload jsonb, po text, h text
    )
    JOIN unnest(v_chunks) AS c ON c.n = g.n
    ON CONFLICT (file_id, byte_offset) DO NOTHING
    RETURNING message_key, session_id, file_id
  )
  SELECT coalesce(jsonb_agg(jsonb_build_array(a.message_key, a.session_id, a.file_id)), '[]') INTO v_added FROM added a;

  WITH file AS MATERIALIZED (
    SELECT f.id, bool_or(c.at_end) AS at_end, f.read_outcome AS before,
           CASE WHEN bool_or(c.is_new) THEN 'inserted'
                ELSE coalesce(f.read_outcome, CASE WHEN f.id IN (
                  SELECT (e ->> 2)::bigint FROM jsonb_array_elements(v_added || v_removed) AS e) THEN 'updated' END)
           END AS outcome
    FROM unnest(v_chunks) AS c JOIN claude_files f ON f.id = c.file_id
    GROUP BY f.id
  ), kept AS (
    UPDATE claude_files f SET read_outcome = CASE WHEN NOT r.at_end THEN r.outcome END
    FROM file r
    WHERE f.id = r.id AND r.before IS DISTINCT FROM CASE WHEN NOT r.at_end THEN r.outcome END
  )
  SELECT coalesce(jsonb_agg(coalesce(r.outcome, 'skipped')) FILTER (WHERE r.at_end), '[]') INTO v_files FROM file r;

  SELECT coalesce(array_agg(DISTINCT k.key), '{}') INTO v_keys
  FROM (
    SELECT e ->> 0 FROM jsonb_array_elements(v_added || v_removed) AS e
    UNION ALL SELECT unnest(p_keys)
  ) AS k(key)
  WHERE k.key IS NOT NULL;

  SELECT coalesce(array_agg(w), '{}'),
         coalesce(jsonb_agg(jsonb_build_array(w.message_key, w.session_id, w.outcome)), '[]')
    INTO v_effects, v_messages
  FROM tidemark_write_session_messages(p_connection_id, v_keys) w;

  SELECT coalesce(array_agg(DISTINCT s.id), '{}') INTO v_sessions
  FROM (
    SELECT e ->> 1 FROM jsonb_array_elements(v_added || v_removed || v_messages) AS e
    UNION ALL SELECT unnest(p_sessions)
  ) AS s(id);
  -- What is said to have lost a model is added up anew.
  v_effects := v_effects || ARRAY(
    SELECT ROW(NULL, s.id, NULL, 0, 0, 0, 0, 0, NULL, NULL, true, true)::tidemark_session_effect
    FROM unnest(p_sessions) AS s(id)
  );

  SELECT coalesce(jsonb_object_agg(w.session_id, w.outcome), '{}') INTO v_written
  FROM tidemark_write_sessions(p_connection_id, v_sessions, v_effects) w;

  UPDATE claude_sessions s SET source_gone_at = NULL, updated_at = now()
  FROM (SELECT DISTINCT c.session_id FROM unnest(v_chunks) AS c) AS c
  WHERE s.connection_id = p_connection_id AND s.external_id = c.session_id AND s.source_gone_at IS NOT NULL;

  RETURN jsonb_build_object(
    'counts', tidemark_session_counts(v_files, v_given, v_removed, v_added, v_messages, v_written),
    'sessions', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'id', s.id, 'outcome', coalesce(v_written ->> s.id, 'skipped'),
               'inserted', coalesce(m.inserted, 0), 'updated', coalesce(m.updated, 0), 'deleted', coalesce(m.deleted, 0)
             ) ORDER BY s.id), '[]')
      FROM (
        SELECT g ->> 4 FROM jsonb_array_elements(v_given) AS g
        UNION SELECT unnest(v_sessions)
        UNION SELECT c.session_id FROM unnest(v_chunks) AS c
        WHERE c.n NOT IN (SELECT (g ->> 0)::integer FROM jsonb_array_elements(v_given) AS g)
      ) AS s(id)
      LEFT JOIN (
        SELECT e ->> 1 AS id, count(*) FILTER (WHERE e ->> 2 = 'inserted') AS inserted,
               count(*) FILTER (WHERE e ->> 2 = 'updated') AS updated,
               count(*) FILTER (WHERE e ->> 2 = 'deleted') AS deleted
        FROM jsonb_array_elements(v_messages) AS e GROUP BY 1
      ) m ON m.id = s.id
    )
  );
END
$$;
--> statement-breakpoint

DROP FUNCTION tidemark_try_session_files(uuid, uuid, jsonb, json, integer);
--> statement-breakpoint

-- As before, with the same two changes.
CREATE FUNCTION tidemark_try_session_files(
  p_sync_id uuid, p_connection_id uuid, p_chunks jsonb, p_lines json, p_samples integer,
  p_keys text[] DEFAULT '{}', p_sessions text[] DEFAULT '{}'
) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET timezone = 'UTC'
AS $$
DECLARE
  v_paths text[];
  v_keys text[];
  v_sessions text[];
  v_lines text[];
  v_messages text[];
  v_held jsonb;
  v_before jsonb;
  v_after jsonb;
  v_written jsonb;
  v_rows jsonb;
BEGIN
  SELECT coalesce(array_agg(DISTINCT c.path), '{}') INTO v_paths FROM jsonb_to_recordset(p_chunks) AS c(path text);
  PERFORM tidemark_try_files(p_sync_id, ARRAY(
    SELECT w.key FROM walk_rows w WHERE w.sync_id = p_sync_id AND w.kind = 'file' AND w.key = ANY (v_paths)
  ));

  -- Lines where the page says what there is: as they are stored, and as the walk would have left them.
  WITH span AS MATERIALIZED (
    SELECT f.id AS file_id, c.from_byte, CASE WHEN c.at_end THEN 9223372036854775807 ELSE c.to_byte END AS to_byte
    FROM jsonb_to_recordset(p_chunks) AS c(path text, from_byte bigint, to_byte bigint, at_end boolean)
    JOIN claude_files f ON f.connection_id = p_connection_id AND f.path = c.path
  ), line AS MATERIALIZED (
    SELECT g.k AS key, g.s AS session_id, NULL AS walked FROM json_to_recordset(p_lines) AS g(k text, s text)
    UNION ALL
    SELECT l.message_key, l.session_id, NULL
    FROM span c CROSS JOIN LATERAL tidemark_lines_within(c.file_id, c.from_byte, c.to_byte) AS l
    UNION ALL
    SELECT w.message_key, w.session_id, w.key
    FROM span c JOIN walk_rows w
      ON w.sync_id = p_sync_id AND w.kind = 'line' AND w.key >= tidemark_line_key(c.file_id, c.from_byte)
     AND w.key < tidemark_line_key(c.file_id, c.to_byte)
  )
  SELECT coalesce(array_agg(DISTINCT l.key) FILTER (WHERE l.key IS NOT NULL), '{}'),
         coalesce(array_agg(DISTINCT l.session_id), '{}'),
         coalesce(array_agg(DISTINCT l.walked) FILTER (WHERE l.walked IS NOT NULL), '{}')
    INTO v_keys, v_sessions, v_lines
  FROM line l;
  SELECT coalesce(array_agg(DISTINCT s.id), '{}') INTO v_sessions
  FROM (
    SELECT unnest(v_sessions) AS id
    UNION SELECT unnest(p_sessions)
    UNION SELECT c.session_id FROM jsonb_to_recordset(p_chunks) AS c(session_id text)
    UNION SELECT l.session_id FROM claude_lines l
          WHERE l.connection_id = p_connection_id AND l.message_key = ANY (v_keys)
    UNION SELECT m.session_id FROM claude_messages m
          WHERE m.connection_id = p_connection_id AND m.message_key = ANY (v_keys)
    UNION SELECT w.session_id FROM walk_rows w WHERE w.sync_id = p_sync_id AND w.message_key = ANY (v_keys)
  ) AS s WHERE s.id IS NOT NULL;

  -- Of a session's other lines only those that name it matter, and whether there is any.
  SELECT coalesce(array_agg(DISTINCT k.key), '{}') INTO v_lines
  FROM (
    SELECT unnest(v_lines) AS key
    UNION ALL
    SELECT w.key FROM walk_rows w
    WHERE w.sync_id = p_sync_id AND w.kind = 'line' AND w.message_key = ANY (v_keys)
    UNION ALL
    SELECT w.key FROM walk_rows w
    WHERE w.sync_id = p_sync_id AND w.kind = 'line' AND w.session_id = ANY (v_sessions)
      AND (w.row IS NULL OR w.row ->> 'title_rank' IS NOT NULL)
    UNION ALL
    SELECT one.key FROM unnest(v_sessions) AS s(id) CROSS JOIN LATERAL (
      SELECT w.key FROM walk_rows w
      WHERE w.sync_id = p_sync_id AND w.kind = 'line' AND w.session_id = s.id AND w.row IS NOT NULL LIMIT 1
    ) AS one
  ) AS k;
  SELECT coalesce(array_agg(DISTINCT k.key), '{}') INTO v_messages
  FROM (
    SELECT w.key FROM walk_rows w
    WHERE w.sync_id = p_sync_id AND w.kind = 'message'
      AND (w.message_key = ANY (v_keys) OR w.session_id = ANY (v_sessions))
    UNION ALL
    SELECT w.key FROM claude_messages m
    JOIN walk_rows w ON w.sync_id = p_sync_id AND w.kind = 'message' AND w.key = m.external_id
    WHERE m.connection_id = p_connection_id AND m.session_id = ANY (v_sessions)
  ) AS k;
  PERFORM tidemark_try_files(p_sync_id, ARRAY(
    SELECT w.key FROM walk_rows w
    WHERE w.sync_id = p_sync_id AND w.kind = 'file'
      AND (w.session_id = ANY (v_sessions)
           OR w.file_id IN (SELECT split_part(k, ' ', 1)::bigint FROM unnest(v_lines) AS k))
  ));
  PERFORM tidemark_try_rows(p_sync_id, p_connection_id, v_lines, v_messages, v_sessions);

  v_held := tidemark_chunk_lines(p_connection_id, p_chunks);
  v_before := tidemark_session_rows(p_connection_id, v_keys, v_sessions);
  v_written := tidemark_write_session_files(p_connection_id, p_chunks, p_lines, p_keys, p_sessions);
  v_after := tidemark_session_rows(p_connection_id, v_keys, v_sessions);

  WITH line AS MATERIALIZED (
    SELECT n.key, n.value FROM jsonb_each(tidemark_chunk_lines(p_connection_id, p_chunks)) AS n
  )
  SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO v_rows
  FROM (
    SELECT 'file' AS kind, f.path AS key, NULL AS m, f.session_id AS s, f.id AS f, to_jsonb(f) AS row
    FROM claude_files f WHERE f.connection_id = p_connection_id AND f.path = ANY (v_paths)
    UNION ALL
    SELECT 'line', n.key, l.message_key, l.session_id, l.file_id,
           to_jsonb(l) || '{"payload": {}, "payload_original": null}'
    FROM line n
    JOIN claude_lines l
      ON l.file_id = split_part(n.key, ' ', 1)::bigint AND l.byte_offset = split_part(n.key, ' ', 2)::bigint
    WHERE v_held -> n.key ->> 2 IS DISTINCT FROM l.content_hash
    UNION ALL
    SELECT 'line', h.key, h.value ->> 0, h.value ->> 1, split_part(h.key, ' ', 1)::bigint, NULL
    FROM jsonb_each(v_held) AS h WHERE h.key NOT IN (SELECT n.key FROM line n)
    UNION ALL
    SELECT split_part(a.key, ' ', 1), substr(a.key, strpos(a.key, ' ') + 1), a.value ->> 'message_key',
           coalesce(a.value ->> 'session_id', a.value ->> 'external_id'), NULL,
           a.value || '{"text": null, "tool_uses": []}'
    FROM jsonb_each(v_after) AS a WHERE v_before -> a.key IS DISTINCT FROM a.value
  ) AS r;

  RETURN jsonb_build_object(
    'written', v_written, 'rows', v_rows, 'samples', tidemark_session_samples(v_before, v_after, p_samples)
  );
END
$$;
--> statement-breakpoint

-- As before, but for the lines it looks up.
CREATE OR REPLACE FUNCTION tidemark_chunk_lines(p_connection_id uuid, p_chunks jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  SELECT coalesce(jsonb_object_agg(
    tidemark_line_key(l.file_id, l.byte_offset), jsonb_build_array(l.message_key, l.session_id, l.content_hash)), '{}')
  FROM jsonb_to_recordset(p_chunks) AS c(path text, from_byte bigint, to_byte bigint, at_end boolean)
  JOIN claude_files f ON f.connection_id = p_connection_id AND f.path = c.path
  CROSS JOIN LATERAL tidemark_lines_within(
    f.id, c.from_byte, CASE WHEN c.at_end THEN NULL ELSE c.to_byte END
  ) AS l
$$;
--> statement-breakpoint

-- Readies what is stored for a comparison with these chunks. A change is told by hashes; what somebody changed past the
-- engine would pass for unchanged. So lines that hold something else than their text says lose their hash. Returned are
-- keys of messages that are not what the stored lines say, and sessions that are not what their own hash says, or whose
-- messages are not: {keys, sessions}. Both lose their hash, so that they count as changed when they are made anew.
CREATE FUNCTION tidemark_distrust_session_files(p_connection_id uuid, p_chunks jsonb, p_lines json) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
  v_keys text[];
  v_named text[];
  v_sessions text[];
BEGIN
  UPDATE claude_lines l SET content_hash = ''
  FROM json_to_recordset(p_lines) AS g(
    n integer, o bigint, b integer, l integer, t text, u text, p text, s text, a text, sc boolean, at timestamptz,
    cwd text, br text, v text, ti text, tr smallint, k text, m text, r text, ro text, mo text, st text,
    ti_ bigint, to_ bigint, cc bigint, cr bigint, payload jsonb, po text, h text
  )
  JOIN jsonb_to_recordset(p_chunks) AS c(n integer, path text) ON c.n = g.n
  JOIN claude_files f ON f.connection_id = p_connection_id AND f.path = c.path
  WHERE l.file_id = f.id AND l.byte_offset = g.o AND l.content_hash = g.h
    AND (l.byte_length, l.line_number, l.type, l.uuid, l.parent_uuid, l.session_id, l.agent_id, l.is_sidechain, l.at, l.cwd,
         l.git_branch, l.program_version, l.title, l.title_rank, l.message_key, l.message_id, l.request_id, l.role,
         l.model, l.stop_reason, l.input_tokens, l.output_tokens, l.cache_creation_tokens, l.cache_read_tokens,
         l.payload, l.payload_original, l.words_hash)
        IS DISTINCT FROM
        (g.b, g.l, g.t, g.u, g.p, g.s, g.a, g.sc, g.at, g.cwd, g.br, g.v, g.ti, g.tr, g.k, g.m, g.r, g.ro, g.mo, g.st,
         g.ti_, g.to_, g.cc, g.cr, g.payload, g.po,
         CASE WHEN g.k IS NOT NULL THEN tidemark_session_words_hash(g.payload) END);

  SELECT coalesce(array_agg(DISTINCT g.k) FILTER (WHERE g.k IS NOT NULL), '{}'), coalesce(array_agg(DISTINCT g.s), '{}')
    INTO v_keys, v_named
  FROM json_to_recordset(p_lines) AS g(k text, s text);

  WITH derived AS MATERIALIZED (
    SELECT * FROM tidemark_derive_messages(p_connection_id, v_keys)
  ), stored AS MATERIALIZED (
    SELECT * FROM claude_messages m
    WHERE m.connection_id = p_connection_id AND m.message_key = ANY (v_keys) AND m.deleted_at IS NULL
  ), bad AS MATERIALIZED (
    SELECT coalesce(d.message_key, m.message_key) AS message_key, m.external_id, m.session_id AS was_in,
           d.session_id AS is_in, d.external_id IS NOT NULL AND m.content_hash = d.content_hash AS is_hidden
    FROM derived d FULL JOIN stored m ON m.external_id = d.external_id
    WHERE (d.external_id, d.message_key, d.session_id, d.agent_id, d.is_sidechain, d.request_id, d.uuid, d.parent_uuid,
           d.role, d.model, d.at, d.cwd, d.git_branch, d.text, d.tool_uses, d.stop_reason, d.input_tokens,
           d.output_tokens, d.cache_creation_tokens, d.cache_read_tokens, d.line_count)
          IS DISTINCT FROM
          (m.external_id, m.message_key, m.session_id, m.agent_id, m.is_sidechain, m.request_id, m.uuid, m.parent_uuid,
           m.role, m.model, m.at, m.cwd, m.git_branch, m.text, m.tool_uses, m.stop_reason, m.input_tokens,
           m.output_tokens, m.cache_creation_tokens, m.cache_read_tokens, m.line_count)
  ), distrusted AS (
    UPDATE claude_messages m SET content_hash = '' FROM bad b
    WHERE m.connection_id = p_connection_id AND m.external_id = b.external_id AND b.is_hidden
  )
  SELECT coalesce(array_agg(DISTINCT b.message_key), '{}'),
         coalesce(array_agg(DISTINCT b.was_in) FILTER (WHERE b.was_in IS NOT NULL), '{}')
           || coalesce(array_agg(DISTINCT b.is_in) FILTER (WHERE b.is_in IS NOT NULL), '{}')
    INTO v_keys, v_sessions
  FROM bad b;

  WITH distrusted AS (
    UPDATE claude_sessions s SET content_hash = ''
    WHERE s.connection_id = p_connection_id AND s.external_id = ANY (v_named) AND s.deleted_at IS NULL
      AND s.content_hash <> md5(ROW(
        s.external_id, s.project, s.project_path, s.git_branch, s.title, s.started_at, s.ended_at, s.message_count,
        s.models, s.input_tokens, s.output_tokens, s.cache_creation_tokens, s.cache_read_tokens)::text)
    RETURNING s.external_id
  )
  SELECT v_sessions || coalesce(array_agg(d.external_id), '{}') INTO v_sessions FROM distrusted d;
  SELECT v_sessions || coalesce(array_agg(n.id), '{}') INTO v_sessions
  FROM unnest(v_named) AS n(id)
  WHERE NOT EXISTS (
    SELECT 1 FROM claude_sessions s
    WHERE s.connection_id = p_connection_id AND s.external_id = n.id AND s.deleted_at IS NULL
  );
  RETURN jsonb_build_object('keys', to_jsonb(v_keys), 'sessions', to_jsonb(v_sessions));
END
$$;
--> statement-breakpoint

-- As before, with what became of the file so far.
CREATE OR REPLACE FUNCTION tidemark_try_files(p_sync_id uuid, p_paths text[]) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO claude_files AS f OVERRIDING SYSTEM VALUE
  SELECT r.* FROM walk_rows w CROSS JOIN LATERAL jsonb_populate_record(NULL::claude_files, w.row) AS r
  WHERE w.sync_id = p_sync_id AND w.kind = 'file' AND w.key = ANY (p_paths)
  ON CONFLICT (connection_id, path) DO UPDATE
    SET session_id = excluded.session_id, agent_id = excluded.agent_id, project = excluded.project,
        read_outcome = excluded.read_outcome
$$;
