-- Session files: figures of a session grow by what was written, and a dry run counts what a sync would.
-- Tells a change of a line's words from one of anything else in it. Kept with the line, so that a dry run can tell what would
-- become of a message without keeping its words.
CREATE FUNCTION tidemark_session_words_hash(p_payload jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT md5(ROW(tidemark_session_text(p_payload), tidemark_session_tools(p_payload))::text)
$$;
--> statement-breakpoint

-- What the stored lines with these keys say of their messages.
--
-- Lines with one response id are one message, unless lines outside of sidechains name several requests: then each
-- request is a message of its own. A sidechain replays the messages of its parent under requests of its own, so it never
-- makes a message where another line tells of it. Of several copies (steps of a response, resumed sessions, sidechains,
-- reports of progress) the one with usage counts, outside of a sidechain, with the most tokens; the words come from the
-- file that copy is in.
CREATE OR REPLACE FUNCTION tidemark_derive_messages(p_connection_id uuid, p_keys text[])
RETURNS TABLE (
  external_id text, message_key text, session_id text, agent_id text, is_sidechain boolean, request_id text, uuid text,
  parent_uuid text, role text, model text, at timestamptz, cwd text, git_branch text, text text, tool_uses jsonb,
  stop_reason text, input_tokens bigint, output_tokens bigint, cache_creation_tokens bigint, cache_read_tokens bigint,
  line_count integer, content_hash text
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET timezone = 'UTC'
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH lines AS MATERIALIZED (
    SELECT l.*, f.path, f.session_id AS file_session_id,
           bool_or(NOT l.is_sidechain AND l.message_id IS NOT NULL)
             OVER (PARTITION BY l.message_key, l.request_id) AS is_own_request,
           min(l.request_id) FILTER (WHERE NOT l.is_sidechain AND l.message_id IS NOT NULL)
             OVER (PARTITION BY l.message_key) AS first_request,
           l.input_tokens + l.output_tokens + l.cache_creation_tokens + l.cache_read_tokens AS total
    FROM claude_lines l JOIN claude_files f ON f.id = l.file_id
    WHERE l.connection_id = p_connection_id AND l.message_key = ANY (p_keys)
  ), named AS MATERIALIZED (
    SELECT l.*,
           CASE WHEN l.request_id > l.first_request AND l.is_own_request
                THEN l.message_key || ':' || l.request_id ELSE l.message_key END AS external_id
    FROM lines l
  ), chosen AS (
    SELECT DISTINCT ON (n.external_id) n.*
    FROM named n
    ORDER BY n.external_id, n.total IS NULL, n.is_sidechain, n.total DESC, n.at, n.path, n.byte_offset
  ), told AS (
    -- Compaction repeats rows: each is told once.
    SELECT DISTINCT ON (n.external_id, coalesce(n.uuid, n.content_hash))
           n.external_id, n.byte_offset, n.payload, n.words_hash, n.uuid, n.parent_uuid, n.stop_reason
    FROM named n JOIN chosen c ON c.external_id = n.external_id AND c.file_id = n.file_id
    ORDER BY n.external_id, coalesce(n.uuid, n.content_hash), n.byte_offset
  ), merged AS (
    SELECT t.external_id,
           (array_agg(t.uuid ORDER BY t.byte_offset))[1] AS uuid,
           (array_agg(t.parent_uuid ORDER BY t.byte_offset))[1] AS parent_uuid,
           (array_agg(t.stop_reason ORDER BY t.byte_offset DESC) FILTER (WHERE t.stop_reason IS NOT NULL))[1]
             AS stop_reason,
           string_agg(tidemark_session_text(t.payload), E'\n' ORDER BY t.byte_offset) AS text,
           coalesce(
             jsonb_agg(tidemark_session_tools(t.payload) ORDER BY t.byte_offset)
               FILTER (WHERE tidemark_session_tools(t.payload) IS NOT NULL), '[]') AS tool_uses,
           string_agg(t.words_hash, '' ORDER BY t.byte_offset) AS words,
           count(*)::integer AS line_count
    FROM told t GROUP BY t.external_id
  ), rows AS (
    SELECT c.external_id, c.message_key, c.session_id, c.agent_id, c.is_sidechain, c.request_id, m.uuid,
           m.parent_uuid, c.role, c.model, c.at, c.cwd, c.git_branch, m.text,
           coalesce(jsonb_path_query_array(m.tool_uses, '$[*][*]'), '[]') AS tool_uses, m.stop_reason,
           coalesce(c.input_tokens, 0) AS input_tokens, coalesce(c.output_tokens, 0) AS output_tokens,
           coalesce(c.cache_creation_tokens, 0) AS cache_creation_tokens,
           coalesce(c.cache_read_tokens, 0) AS cache_read_tokens, m.line_count, m.words
    FROM chosen c JOIN merged m ON m.external_id = c.external_id
  )
  SELECT r.external_id, r.message_key, r.session_id, r.agent_id, r.is_sidechain, r.request_id, r.uuid, r.parent_uuid,
         r.role, r.model, r.at, r.cwd, r.git_branch, r.text, r.tool_uses, r.stop_reason, r.input_tokens, r.output_tokens,
         r.cache_creation_tokens, r.cache_read_tokens, r.line_count,
         md5(ROW(r.message_key, r.session_id, r.agent_id, r.is_sidechain, r.request_id, r.uuid, r.parent_uuid, r.role,
                 r.model, r.at, r.cwd, r.git_branch, r.words, r.stop_reason, r.input_tokens, r.output_tokens,
                 r.cache_creation_tokens, r.cache_read_tokens, r.line_count)::text)
  FROM rows r;
END
$$;
--> statement-breakpoint

-- What a change of one message does to one session: what its figures grow by, and whether something may have left it that
-- counted for its times or models.
CREATE TYPE tidemark_session_effect AS (
  message_key text, session_id text, outcome text, messages integer, input_tokens bigint, output_tokens bigint,
  cache_creation_tokens bigint, cache_read_tokens bigint, at timestamptz, model text, lost_time boolean, lost_model boolean
);
--> statement-breakpoint

DROP FUNCTION tidemark_write_session_messages(uuid, text[]);
--> statement-breakpoint

-- Makes the messages with these keys what the stored lines say, and returns what that changed. A message that no line
-- tells of any more is marked deleted; one that is told of again comes back to life.
CREATE FUNCTION tidemark_write_session_messages(p_connection_id uuid, p_keys text[])
RETURNS SETOF tidemark_session_effect
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  -- Sessions that lose a message change as well.
  RETURN QUERY
  WITH derived AS MATERIALIZED (
    SELECT * FROM tidemark_derive_messages(p_connection_id, p_keys)
  ), held AS MATERIALIZED (
    SELECT m.external_id, m.message_key, m.session_id, m.at, m.model, m.deleted_at IS NOT NULL AS was_deleted,
           (m.deleted_at IS NULL)::integer AS n, m.input_tokens, m.output_tokens, m.cache_creation_tokens,
           m.cache_read_tokens
    FROM claude_messages m
    WHERE m.connection_id = p_connection_id AND m.message_key = ANY (p_keys)
  ), written AS (
    INSERT INTO claude_messages AS m (
      connection_id, external_id, message_key, session_id, agent_id, is_sidechain, request_id, uuid, parent_uuid, role,
      model, at, cwd, git_branch, text, tool_uses, stop_reason, input_tokens, output_tokens, cache_creation_tokens,
      cache_read_tokens, line_count, content_hash
    )
    SELECT p_connection_id, d.external_id, d.message_key, d.session_id, d.agent_id, d.is_sidechain, d.request_id, d.uuid,
           d.parent_uuid, d.role, d.model, d.at, d.cwd, d.git_branch, d.text, d.tool_uses, d.stop_reason,
           d.input_tokens, d.output_tokens, d.cache_creation_tokens, d.cache_read_tokens, d.line_count, d.content_hash
    FROM derived d
    ORDER BY d.external_id
    ON CONFLICT (connection_id, external_id) DO UPDATE
      SET message_key = excluded.message_key, session_id = excluded.session_id, agent_id = excluded.agent_id,
          is_sidechain = excluded.is_sidechain, request_id = excluded.request_id, uuid = excluded.uuid,
          parent_uuid = excluded.parent_uuid, role = excluded.role, model = excluded.model, at = excluded.at,
          cwd = excluded.cwd, git_branch = excluded.git_branch, text = excluded.text,
          tool_uses = excluded.tool_uses, stop_reason = excluded.stop_reason, input_tokens = excluded.input_tokens,
          output_tokens = excluded.output_tokens, cache_creation_tokens = excluded.cache_creation_tokens,
          cache_read_tokens = excluded.cache_read_tokens, line_count = excluded.line_count,
          content_hash = excluded.content_hash, version = m.version + 1, deleted_at = NULL, updated_at = now()
      WHERE m.content_hash <> excluded.content_hash OR m.deleted_at IS NOT NULL
    RETURNING m.external_id, m.message_key, m.session_id, m.version = 1 AS is_new, m.at, m.model, m.input_tokens,
              m.output_tokens, m.cache_creation_tokens, m.cache_read_tokens
  ), removed AS (
    UPDATE claude_messages m
       SET deleted_at = now(), version = m.version + 1, updated_at = now()
      FROM held h
     WHERE m.connection_id = p_connection_id AND m.external_id = h.external_id AND NOT h.was_deleted
       AND NOT EXISTS (SELECT 1 FROM derived d WHERE d.external_id = h.external_id)
    RETURNING m.external_id
  )
  SELECT w.message_key, w.session_id, CASE WHEN w.is_new THEN 'inserted' ELSE 'updated' END, 1 - coalesce(h.n, 0),
         w.input_tokens - coalesce(h.n * h.input_tokens, 0), w.output_tokens - coalesce(h.n * h.output_tokens, 0),
         w.cache_creation_tokens - coalesce(h.n * h.cache_creation_tokens, 0),
         w.cache_read_tokens - coalesce(h.n * h.cache_read_tokens, 0), w.at, w.model,
         coalesce(h.n = 1 AND h.at IS DISTINCT FROM w.at, false),
         coalesce(h.n = 1 AND h.model IS DISTINCT FROM w.model, false)
  FROM written w LEFT JOIN held h ON h.external_id = w.external_id AND h.session_id = w.session_id
  UNION ALL
  SELECT h.message_key, h.session_id, l.outcome, -h.n, -h.n * h.input_tokens, -h.n * h.output_tokens,
         -h.n * h.cache_creation_tokens, -h.n * h.cache_read_tokens, NULL, NULL, h.n = 1, h.n = 1
  FROM (
    SELECT w.external_id, w.session_id, 'moved' AS outcome FROM written w
    UNION ALL SELECT r.external_id, NULL, 'deleted' FROM removed r
  ) AS l
  JOIN held h ON h.external_id = l.external_id AND h.session_id IS DISTINCT FROM l.session_id;
END
$$;
--> statement-breakpoint

DROP FUNCTION tidemark_write_sessions(uuid, text[]);
--> statement-breakpoint

-- Makes these sessions what their messages and lines say; returns those that changed. A session that no line tells of is
-- marked deleted.
--
-- A session may have as many messages as it likes, and every page adds some: its figures grow by what was really written.
-- Only what lost something that may have counted for a time or a model is looked up, in the index or by reading its
-- messages; so is a session that was not there.
CREATE FUNCTION tidemark_write_sessions(
  p_connection_id uuid, p_sessions text[], p_effects tidemark_session_effect[]
) RETURNS TABLE (session_id text, outcome text)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET timezone = 'UTC'
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH effect AS MATERIALIZED (
    SELECT e.session_id AS id, sum(e.messages)::integer AS messages, sum(e.input_tokens) AS input_tokens,
           sum(e.output_tokens) AS output_tokens, sum(e.cache_creation_tokens) AS cache_creation_tokens,
           sum(e.cache_read_tokens) AS cache_read_tokens, min(e.at) AS first_at, max(e.at) AS last_at,
           array_agg(DISTINCT e.model) FILTER (WHERE e.model IS NOT NULL) AS models,
           bool_or(e.lost_time) AS lost_time, bool_or(e.lost_model) AS lost_model
    FROM unnest(p_effects) AS e GROUP BY e.session_id
  ), wanted AS MATERIALIZED (
    SELECT s.id, h.external_id IS NULL OR h.deleted_at IS NOT NULL AS is_new,
           coalesce(e.lost_time, false) AS lost_time, coalesce(e.lost_model, false) AS lost_model,
           least(h.started_at, e.first_at) AS started_at, greatest(h.ended_at, e.last_at) AS ended_at,
           h.message_count + coalesce(e.messages, 0) AS message_count, h.models || coalesce(e.models, '{}') AS models,
           h.input_tokens + coalesce(e.input_tokens, 0) AS input_tokens,
           h.output_tokens + coalesce(e.output_tokens, 0) AS output_tokens,
           h.cache_creation_tokens + coalesce(e.cache_creation_tokens, 0) AS cache_creation_tokens,
           h.cache_read_tokens + coalesce(e.cache_read_tokens, 0) AS cache_read_tokens
    FROM unnest(p_sessions) AS s(id)
    LEFT JOIN effect e ON e.id = s.id
    LEFT JOIN claude_sessions h ON h.connection_id = p_connection_id AND h.external_id = s.id
    WHERE EXISTS (
      SELECT 1 FROM claude_lines l WHERE l.connection_id = p_connection_id AND l.session_id = s.id
    )
  ), figures AS (
    SELECT w.id, w.started_at, w.ended_at, w.message_count,
           ARRAY(SELECT DISTINCT m FROM unnest(w.models) AS m ORDER BY m) AS models, w.input_tokens, w.output_tokens,
           w.cache_creation_tokens, w.cache_read_tokens
    FROM wanted w WHERE NOT (w.is_new OR w.lost_time OR w.lost_model)
    UNION ALL
    SELECT w.id, first.at, last.at, w.message_count,
           ARRAY(SELECT DISTINCT m FROM unnest(w.models) AS m ORDER BY m) AS models, w.input_tokens, w.output_tokens,
           w.cache_creation_tokens, w.cache_read_tokens
    FROM wanted w
    LEFT JOIN LATERAL (
      SELECT c.at FROM claude_messages c
      WHERE c.connection_id = p_connection_id AND c.session_id = w.id AND c.deleted_at IS NULL AND c.at IS NOT NULL
      ORDER BY c.at, c.external_id LIMIT 1
    ) first ON true
    LEFT JOIN LATERAL (
      SELECT c.at FROM claude_messages c
      WHERE c.connection_id = p_connection_id AND c.session_id = w.id AND c.deleted_at IS NULL AND c.at IS NOT NULL
      ORDER BY c.at DESC, c.external_id DESC LIMIT 1
    ) last ON true
    WHERE w.lost_time AND NOT (w.is_new OR w.lost_model)
    UNION ALL
    SELECT w.id, m.*
    FROM wanted w
    CROSS JOIN LATERAL (
      SELECT min(c.at) AS started_at, max(c.at) AS ended_at, count(*)::integer AS message_count,
             coalesce(array_agg(DISTINCT c.model ORDER BY c.model) FILTER (WHERE c.model IS NOT NULL), '{}') AS models,
             coalesce(sum(c.input_tokens), 0) AS input_tokens, coalesce(sum(c.output_tokens), 0) AS output_tokens,
             coalesce(sum(c.cache_creation_tokens), 0) AS cache_creation_tokens,
             coalesce(sum(c.cache_read_tokens), 0) AS cache_read_tokens
      FROM claude_messages c
      WHERE c.connection_id = p_connection_id AND c.session_id = w.id AND c.deleted_at IS NULL
    ) m
    WHERE w.is_new OR w.lost_model
  ), rows AS (
    SELECT w.id AS external_id, coalesce(own.project, any_file.project) AS project, origin.cwd AS project_path,
           origin.git_branch, named.title, w.started_at, w.ended_at, w.message_count, w.models,
           w.input_tokens::bigint, w.output_tokens::bigint, w.cache_creation_tokens::bigint,
           w.cache_read_tokens::bigint
    FROM figures w
    LEFT JOIN LATERAL (
      SELECT f.project FROM claude_files f
      WHERE f.connection_id = p_connection_id AND f.session_id = w.id
      ORDER BY f.agent_id IS NOT NULL, f.path LIMIT 1
    ) own ON true
    LEFT JOIN LATERAL (
      SELECT f.project FROM claude_lines l JOIN claude_files f ON f.id = l.file_id
      WHERE own.project IS NULL AND l.connection_id = p_connection_id AND l.session_id = w.id
      ORDER BY f.path LIMIT 1
    ) any_file ON true
    LEFT JOIN LATERAL (
      SELECT c.cwd, c.git_branch FROM claude_messages c
      WHERE c.connection_id = p_connection_id AND c.session_id = w.id AND c.deleted_at IS NULL AND c.cwd IS NOT NULL
      ORDER BY c.at, c.external_id LIMIT 1
    ) origin ON true
    LEFT JOIN LATERAL (
      SELECT l.title FROM claude_lines l JOIN claude_files f ON f.id = l.file_id
      WHERE l.connection_id = p_connection_id AND l.session_id = w.id AND l.title_rank IS NOT NULL
      ORDER BY l.title_rank DESC, f.path DESC, l.byte_offset DESC LIMIT 1
    ) named ON true
  ), written AS (
    INSERT INTO claude_sessions AS s (
      connection_id, external_id, project, project_path, git_branch, title, started_at, ended_at, message_count, models,
      input_tokens, output_tokens, cache_creation_tokens, cache_read_tokens, content_hash
    )
    SELECT p_connection_id, r.external_id, r.project, r.project_path, r.git_branch, r.title, r.started_at, r.ended_at,
           r.message_count, r.models, r.input_tokens, r.output_tokens, r.cache_creation_tokens, r.cache_read_tokens,
           md5(r::text)
    FROM rows r
    ORDER BY r.external_id
    ON CONFLICT (connection_id, external_id) DO UPDATE
      SET project = excluded.project, project_path = excluded.project_path, git_branch = excluded.git_branch,
          title = excluded.title, started_at = excluded.started_at, ended_at = excluded.ended_at,
          message_count = excluded.message_count, models = excluded.models, input_tokens = excluded.input_tokens,
          output_tokens = excluded.output_tokens, cache_creation_tokens = excluded.cache_creation_tokens,
          cache_read_tokens = excluded.cache_read_tokens, content_hash = excluded.content_hash,
          version = s.version + 1, deleted_at = NULL, updated_at = now()
      WHERE s.content_hash <> excluded.content_hash OR s.deleted_at IS NOT NULL
    RETURNING s.external_id, s.version = 1 AS is_new
  ), removed AS (
    UPDATE claude_sessions s
       SET deleted_at = now(), version = s.version + 1, updated_at = now()
     WHERE s.connection_id = p_connection_id AND s.external_id = ANY (p_sessions) AND s.deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.id = s.external_id)
    RETURNING s.external_id
  )
  SELECT w.external_id, CASE WHEN w.is_new THEN 'inserted' ELSE 'updated' END FROM written w
  UNION ALL
  SELECT r.external_id, 'deleted' FROM removed r;
END
$$;
--> statement-breakpoint

-- Writes chunks of session files, and everything that follows from them.
--
-- p_chunks: [{n, path, session_id, agent_id, project, size, modified_at, from_byte, to_byte, at_end}], in the order read.
-- p_lines: [{n, o (byte offset), b (bytes), l (line number), …, payload}], n being that of their chunk. `json`, not
-- `jsonb`: each payload is parsed once, into its column.
--
-- Returns {counts: {stream: {read, inserted, updated, deleted}}, sessions: [{id, outcome, inserted, updated, deleted}]}.
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

  WITH removed AS (
    DELETE FROM claude_lines l
    USING unnest(v_chunks) AS c
    WHERE l.file_id = c.file_id AND l.byte_offset >= c.from_byte AND (c.at_end OR l.byte_offset < c.to_byte)
      AND NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements(v_given) AS g
        WHERE (g ->> 0)::integer = c.n AND (g ->> 1)::bigint = l.byte_offset AND g ->> 2 = l.content_hash
      )
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

-- A dry run of a page of session files: what writing it would come to, after the pages of the walk so far. The caller rolls
-- everything back, and keeps `rows` for the pages that follow (`walk_rows`).
--
-- What becomes of a page depends on the lines, messages and sessions its own lines belong to. Those that earlier pages of
-- the walk would have left otherwise than they are stored are put there first; then the same function writes that writes for
-- good. Rows are kept without words: the hashes that tell a change are columns.
--
-- Returns {written: as tidemark_write_session_files, rows: [{kind, key, m, s, f, row}],
-- samples: [{stream, outcome, key, before, after}]}.
CREATE FUNCTION tidemark_try_session_files(
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
    FROM span c JOIN claude_lines l
      ON l.file_id = c.file_id AND l.byte_offset >= c.from_byte AND l.byte_offset < c.to_byte
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

-- What names a line in `walk_rows`, in the order of files and bytes.
CREATE FUNCTION tidemark_line_key(p_file_id bigint, p_byte bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT (lpad(p_file_id::text, 19, '0') || ' ' || lpad(p_byte::text, 19, '0')) COLLATE "C"
$$;
--> statement-breakpoint

-- The lines where these chunks say what there is: {key: [message key, session, hash]}.
CREATE FUNCTION tidemark_chunk_lines(p_connection_id uuid, p_chunks jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  SELECT coalesce(jsonb_object_agg(
    tidemark_line_key(l.file_id, l.byte_offset), jsonb_build_array(l.message_key, l.session_id, l.content_hash)), '{}')
  FROM jsonb_to_recordset(p_chunks) AS c(path text, from_byte bigint, to_byte bigint, at_end boolean)
  JOIN claude_files f ON f.connection_id = p_connection_id AND f.path = c.path
  JOIN claude_lines l ON l.file_id = f.id AND l.byte_offset >= c.from_byte AND (c.at_end OR l.byte_offset < c.to_byte)
$$;
--> statement-breakpoint

-- Puts files where earlier pages of a dry run would have left them, under the ids they got there.
CREATE FUNCTION tidemark_try_files(p_sync_id uuid, p_paths text[]) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO claude_files AS f OVERRIDING SYSTEM VALUE
  SELECT r.* FROM walk_rows w CROSS JOIN LATERAL jsonb_populate_record(NULL::claude_files, w.row) AS r
  WHERE w.sync_id = p_sync_id AND w.kind = 'file' AND w.key = ANY (p_paths)
  ON CONFLICT (connection_id, path) DO UPDATE
    SET session_id = excluded.session_id, agent_id = excluded.agent_id, project = excluded.project
$$;
--> statement-breakpoint

-- The same for lines, messages and sessions; a line that would be gone is removed.
CREATE FUNCTION tidemark_try_rows(
  p_sync_id uuid, p_connection_id uuid, p_lines text[], p_messages text[], p_sessions text[]
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off
AS $$
BEGIN
  DELETE FROM claude_lines l USING unnest(p_lines) AS k
  WHERE l.file_id = split_part(k, ' ', 1)::bigint AND l.byte_offset = split_part(k, ' ', 2)::bigint;
  DELETE FROM claude_messages m WHERE m.connection_id = p_connection_id AND m.external_id = ANY (p_messages);
  DELETE FROM claude_sessions s USING walk_rows w
  WHERE w.sync_id = p_sync_id AND w.kind = 'session' AND w.key = ANY (p_sessions)
    AND s.connection_id = p_connection_id AND s.external_id = w.key;
  INSERT INTO claude_lines
  SELECT r.* FROM walk_rows w CROSS JOIN LATERAL jsonb_populate_record(NULL::claude_lines, w.row) AS r
  WHERE w.sync_id = p_sync_id AND w.kind = 'line' AND w.key = ANY (p_lines) AND w.row IS NOT NULL;
  INSERT INTO claude_messages
  SELECT r.* FROM walk_rows w CROSS JOIN LATERAL jsonb_populate_record(NULL::claude_messages, w.row) AS r
  WHERE w.sync_id = p_sync_id AND w.kind = 'message' AND w.key = ANY (p_messages);
  INSERT INTO claude_sessions
  SELECT r.* FROM walk_rows w CROSS JOIN LATERAL jsonb_populate_record(NULL::claude_sessions, w.row) AS r
  WHERE w.sync_id = p_sync_id AND w.kind = 'session' AND w.key = ANY (p_sessions);
END
$$;
--> statement-breakpoint

-- Messages with these keys, and these sessions, as they are: {"message ID": row, "session ID": row}.
CREATE FUNCTION tidemark_session_rows(p_connection_id uuid, p_keys text[], p_sessions text[]) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  SELECT coalesce(jsonb_object_agg(r.key, r.row), '{}')
  FROM (
    SELECT 'message ' || m.external_id AS key, to_jsonb(m) AS row FROM claude_messages m
    WHERE m.connection_id = p_connection_id AND m.message_key = ANY (p_keys)
    UNION ALL
    SELECT 'session ' || s.external_id, to_jsonb(s) FROM claude_sessions s
    WHERE s.connection_id = p_connection_id AND s.external_id = ANY (p_sessions)
  ) AS r
$$;
--> statement-breakpoint

CREATE FUNCTION tidemark_session_shown(p_row jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
AS $$
  SELECT CASE WHEN p_row IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
    'role', p_row -> 'role', 'model', p_row -> 'model', 'at', p_row -> 'at', 'lines', p_row -> 'line_count',
    'project', coalesce(p_row -> 'project_path', p_row -> 'project'), 'title', p_row -> 'title',
    'startedAt', p_row -> 'started_at', 'endedAt', p_row -> 'ended_at', 'messages', p_row -> 'message_count',
    'inputTokens', p_row -> 'input_tokens', 'outputTokens', p_row -> 'output_tokens',
    'cacheCreationTokens', p_row -> 'cache_creation_tokens', 'cacheReadTokens', p_row -> 'cache_read_tokens'
  )) END
$$;
--> statement-breakpoint

-- A few rows of each outcome with what people look at, without words.
CREATE FUNCTION tidemark_session_samples(p_before jsonb, p_after jsonb, p_max integer) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  WITH one AS (
    SELECT a.key, p_before -> a.key AS before, a.value AS after,
           CASE WHEN p_before -> a.key IS NULL THEN 'inserted'
                WHEN p_before -> a.key -> 'version' = a.value -> 'version' THEN 'skipped'
                WHEN a.value ->> 'deleted_at' IS NOT NULL THEN 'deleted'
                ELSE 'updated' END AS outcome
    FROM jsonb_each(p_after) AS a
  ), ranked AS (
    SELECT r.*, row_number() OVER (PARTITION BY split_part(r.key, ' ', 1), r.outcome ORDER BY r.key) AS place
    FROM one r WHERE r.outcome <> 'skipped' OR r.after ->> 'deleted_at' IS NULL
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
           'stream', split_part(r.key, ' ', 1) || 's', 'outcome', r.outcome,
           'key', CASE WHEN r.key LIKE 'message %'
                  THEN jsonb_build_object('sessionId', r.after -> 'session_id', 'messageId', r.after -> 'external_id')
                  ELSE jsonb_build_object('sessionId', r.after -> 'external_id') END,
           'before', tidemark_session_shown(r.before), 'after', tidemark_session_shown(r.after)
         ) ORDER BY r.key), '[]')
  FROM ranked r WHERE r.place <= p_max
$$;
--> statement-breakpoint

-- Lines that are stored already.
UPDATE claude_lines SET words_hash = tidemark_session_words_hash(payload) WHERE message_key IS NOT NULL;
