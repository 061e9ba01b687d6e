-- The lines of a file from one byte to another, found in the index by both, whatever the statistics say. A plan for all
-- chunks of a page, however few, joined them with all lines that are stored once a file had some hundred thousand: the cost
-- of a page grew with the file.

-- Lines that begin from `p_from` on and before `p_to`; null: to the end.
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

-- As before, but for the lines it looks up.
CREATE OR REPLACE FUNCTION tidemark_write_session_files(p_connection_id uuid, p_chunks jsonb, p_lines json) RETURNS jsonb
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

  SELECT coalesce(array_agg(DISTINCT e ->> 0), '{}') INTO v_keys
  FROM jsonb_array_elements(v_added || v_removed) AS e WHERE e ->> 0 IS NOT NULL;

  SELECT coalesce(array_agg(w), '{}'),
         coalesce(jsonb_agg(jsonb_build_array(w.message_key, w.session_id, w.outcome)), '[]')
    INTO v_effects, v_messages
  FROM tidemark_write_session_messages(p_connection_id, v_keys) w;

  SELECT coalesce(array_agg(DISTINCT s.id), '{}') INTO v_sessions
  FROM (
    SELECT e ->> 1 FROM jsonb_array_elements(v_added || v_removed || v_messages) AS e
  ) AS s(id);

  SELECT coalesce(jsonb_object_agg(w.session_id, w.outcome), '{}') INTO v_written
  FROM tidemark_write_sessions(p_connection_id, v_sessions, v_effects) w;

  UPDATE claude_sessions s SET source_gone_at = NULL, updated_at = now()
  FROM (SELECT DISTINCT c.session_id FROM unnest(v_chunks) AS c) AS c
  WHERE s.connection_id = p_connection_id AND s.external_id = c.session_id AND s.source_gone_at IS NOT NULL;

  RETURN jsonb_build_object(
    'counts', tidemark_session_counts(v_chunks, v_given, v_removed, v_added, v_messages, v_written),
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

-- As before, but for the lines it looks up.
CREATE OR REPLACE FUNCTION tidemark_try_session_files(
  p_sync_id uuid, p_connection_id uuid, p_chunks jsonb, p_lines json, p_samples integer
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
  v_written := tidemark_write_session_files(p_connection_id, p_chunks, p_lines);
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
