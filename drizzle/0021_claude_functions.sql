-- Session files of Claude Code: lines as they stand in the files, and messages and sessions derived from them.
--
-- A chunk says: between these bytes the file holds exactly these lines (and none behind them, at its end). So the same
-- chunk can be written any number of times, and a file that was cut, replaced or written over ends as if it had only ever
-- been what it is. Messages are a function of the lines that are stored, and sessions one of the messages: neither depends
-- on the order in which files came.
--
-- Locks: the files, in the order of their paths. The lease of the connection keeps a second writer away altogether.
CREATE TYPE tidemark_session_chunk AS (
  n integer, file_id bigint, path text, session_id text, from_byte bigint, to_byte bigint, at_end boolean, is_new boolean
);
--> statement-breakpoint

-- The words of a message's line: text blocks only; tools and their results have columns and a view of their own.
CREATE FUNCTION tidemark_session_text(p_payload jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE jsonb_typeof(c.content)
    WHEN 'string' THEN c.content #>> '{}'
    WHEN 'array' THEN (
      SELECT string_agg(b.block ->> 'text', E'\n' ORDER BY b.n)
      FROM jsonb_array_elements(c.content) WITH ORDINALITY AS b(block, n)
      WHERE b.block ->> 'type' = 'text'
    )
  END
  FROM (SELECT coalesce(p_payload #> '{message,content}', p_payload #> '{data,message,message,content}')) AS c(content)
$$;
--> statement-breakpoint

-- The tools a line asks for, as [{id, name}]; null when there are none.
CREATE FUNCTION tidemark_session_tools(p_payload jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT jsonb_agg(jsonb_build_object('id', b.block -> 'id', 'name', b.block -> 'name') ORDER BY b.n)
  FROM jsonb_array_elements(
    CASE WHEN jsonb_typeof(p_payload #> '{message,content}') = 'array' THEN p_payload #> '{message,content}'
         WHEN jsonb_typeof(p_payload #> '{data,message,message,content}') = 'array'
         THEN p_payload #> '{data,message,message,content}' END
  ) WITH ORDINALITY AS b(block, n)
  WHERE b.block ->> 'type' = 'tool_use'
$$;
--> statement-breakpoint

-- What the stored lines with these keys say of their messages.
--
-- Lines with one response id are one message, unless lines outside of sidechains name several requests: then each
-- request is a message of its own. A sidechain replays the messages of its parent under requests of its own, so it never
-- makes a message where another line tells of it. Of several copies (steps of a response, resumed sessions, sidechains,
-- reports of progress) the one with usage counts, outside of a sidechain, with the most tokens; the words come from the
-- file that copy is in.
CREATE FUNCTION tidemark_derive_messages(p_connection_id uuid, p_keys text[])
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
           n.external_id, n.byte_offset, n.payload, n.uuid, n.parent_uuid, n.stop_reason
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
           count(*)::integer AS line_count
    FROM told t GROUP BY t.external_id
  ), rows AS (
    SELECT c.external_id, c.message_key, c.session_id, c.agent_id, c.is_sidechain, c.request_id, m.uuid,
           m.parent_uuid, c.role, c.model, c.at, c.cwd, c.git_branch, m.text,
           coalesce(jsonb_path_query_array(m.tool_uses, '$[*][*]'), '[]') AS tool_uses, m.stop_reason,
           coalesce(c.input_tokens, 0) AS input_tokens, coalesce(c.output_tokens, 0) AS output_tokens,
           coalesce(c.cache_creation_tokens, 0) AS cache_creation_tokens,
           coalesce(c.cache_read_tokens, 0) AS cache_read_tokens, m.line_count
    FROM chosen c JOIN merged m ON m.external_id = c.external_id
  )
  SELECT r.*, md5(r::text) FROM rows r;
END
$$;
--> statement-breakpoint

-- Makes the messages with these keys what the stored lines say, and returns what that changed. A message that no line
-- tells of any more is marked deleted; one that is told of again comes back to life.
CREATE FUNCTION tidemark_write_session_messages(p_connection_id uuid, p_keys text[])
RETURNS TABLE (message_key text, session_id text, outcome text)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  -- Sessions that lose a message change as well.
  RETURN QUERY
  WITH derived AS MATERIALIZED (
    SELECT * FROM tidemark_derive_messages(p_connection_id, p_keys)
  ), held AS MATERIALIZED (
    SELECT m.external_id, m.message_key, m.session_id, m.deleted_at IS NOT NULL AS was_deleted
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
    RETURNING m.external_id, m.message_key, m.session_id, m.version = 1 AS is_new
  ), removed AS (
    UPDATE claude_messages m
       SET deleted_at = now(), version = m.version + 1, updated_at = now()
      FROM held h
     WHERE m.connection_id = p_connection_id AND m.external_id = h.external_id AND NOT h.was_deleted
       AND NOT EXISTS (SELECT 1 FROM derived d WHERE d.external_id = h.external_id)
    RETURNING m.message_key, m.session_id
  )
  SELECT w.message_key, w.session_id, CASE WHEN w.is_new THEN 'inserted' ELSE 'updated' END FROM written w
  UNION ALL
  SELECT h.message_key, h.session_id, 'moved'
  FROM written w JOIN held h ON h.external_id = w.external_id AND h.session_id <> w.session_id
  UNION ALL
  SELECT r.message_key, r.session_id, 'deleted' FROM removed r;
END
$$;
--> statement-breakpoint

-- Makes these sessions what their messages and lines say; returns those that changed. A session that no line tells of is
-- marked deleted.
CREATE FUNCTION tidemark_write_sessions(p_connection_id uuid, p_sessions text[])
RETURNS TABLE (session_id text, outcome text)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET timezone = 'UTC'
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH wanted AS (
    SELECT s.id FROM unnest(p_sessions) AS s(id)
    WHERE EXISTS (
      SELECT 1 FROM claude_lines l WHERE l.connection_id = p_connection_id AND l.session_id = s.id
    )
  ), rows AS (
    SELECT w.id AS external_id, coalesce(own.project, any_file.project) AS project, origin.cwd AS project_path,
           origin.git_branch, named.title, m.*
    FROM wanted w
    CROSS JOIN LATERAL (
      SELECT min(c.at) AS started_at, max(c.at) AS ended_at, count(*)::integer AS message_count,
             coalesce(array_agg(DISTINCT c.model) FILTER (WHERE c.model IS NOT NULL), '{}') AS models,
             coalesce(sum(c.input_tokens), 0)::bigint AS input_tokens,
             coalesce(sum(c.output_tokens), 0)::bigint AS output_tokens,
             coalesce(sum(c.cache_creation_tokens), 0)::bigint AS cache_creation_tokens,
             coalesce(sum(c.cache_read_tokens), 0)::bigint AS cache_read_tokens
      FROM claude_messages c
      WHERE c.connection_id = p_connection_id AND c.session_id = w.id AND c.deleted_at IS NULL
    ) m
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
CREATE FUNCTION tidemark_write_session_files(p_connection_id uuid, p_chunks jsonb, p_lines json) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_chunks tidemark_session_chunk[];
  v_given jsonb;
  v_removed jsonb;
  v_added jsonb;
  v_keys text[];
  v_messages jsonb;
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
    RETURNING f.id, f.path, f.xmax = 0 AS is_new
  )
  SELECT array_agg(ROW(
           c.n, w.id, c.path, c.session_id, c.from_byte, c.to_byte, c.at_end, w.is_new
         )::tidemark_session_chunk ORDER BY c.n)
    INTO v_chunks
  FROM jsonb_to_recordset(p_chunks) AS c(
    n integer, path text, session_id text, from_byte bigint, to_byte bigint, at_end boolean
  ) JOIN written w ON w.path = c.path;

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
      payload_original, content_hash
    )
    SELECT c.file_id, g.o, g.b, g.l, p_connection_id, g.t, g.u, g.p, g.s, g.a, g.sc, g.at, g.cwd, g.br, g.v, g.ti, g.tr,
           g.k, g.m, g.r, g.ro, g.mo, g.st, g.ti_, g.to_, g.cc, g.cr, g.payload, g.po, g.h
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

  SELECT coalesce(jsonb_agg(jsonb_build_array(w.message_key, w.session_id, w.outcome)), '[]') INTO v_messages
  FROM tidemark_write_session_messages(p_connection_id, v_keys) w;

  SELECT coalesce(array_agg(DISTINCT s.id), '{}') INTO v_sessions
  FROM (
    SELECT e ->> 1 FROM jsonb_array_elements(v_added || v_removed || v_messages) AS e
  ) AS s(id);

  SELECT coalesce(jsonb_object_agg(w.session_id, w.outcome), '{}') INTO v_written
  FROM tidemark_write_sessions(p_connection_id, v_sessions) w;

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

-- What a page came to, by stream. What was read and neither inserted nor updated was known.
CREATE FUNCTION tidemark_session_counts(
  p_chunks tidemark_session_chunk[], p_given jsonb, p_removed jsonb, p_added jsonb, p_messages jsonb, p_written jsonb
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  WITH file AS (
    SELECT c.file_id, bool_or(c.is_new) AS is_new, bool_or(c.at_end) AS at_end,
           c.file_id IN (SELECT (e ->> 2)::bigint FROM jsonb_array_elements(p_added || p_removed) AS e) AS is_changed
    FROM unnest(p_chunks) AS c GROUP BY c.file_id
  ), message AS (
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
                'read', count(*), 'inserted', count(*) FILTER (WHERE is_new),
                'updated', count(*) FILTER (WHERE NOT is_new AND is_changed), 'deleted', 0) FROM file),
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

-- Files that are gone: kept, and said to be.
CREATE FUNCTION tidemark_lose_session_files(p_connection_id uuid, p_paths text[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE claude_files f SET gone_at = now(), updated_at = now()
  WHERE f.connection_id = p_connection_id AND f.path = ANY (p_paths) AND f.gone_at IS NULL;
  UPDATE claude_sessions s SET source_gone_at = now(), updated_at = now()
  WHERE s.connection_id = p_connection_id AND s.source_gone_at IS NULL
    AND s.external_id IN (
      SELECT f.session_id FROM claude_files f WHERE f.connection_id = p_connection_id AND f.path = ANY (p_paths)
    )
    AND NOT EXISTS (
      SELECT 1 FROM claude_files f
      WHERE f.connection_id = p_connection_id AND f.session_id = s.external_id AND f.gone_at IS NULL
    );
END
$$;
--> statement-breakpoint

-- Tokens by day, project and model: what a cost is reckoned from. The day is that of the time zone asked for.
CREATE FUNCTION claude_tokens_by_day_in(p_zone text)
RETURNS TABLE (
  connection_id uuid, day date, project text, model text, messages bigint, input_tokens numeric, output_tokens numeric,
  cache_creation_tokens numeric, cache_read_tokens numeric, total_tokens numeric
)
LANGUAGE sql STABLE
AS $$
  SELECT m.connection_id, (m.at AT TIME ZONE p_zone)::date AS day, coalesce(s.project_path, s.project) AS project,
         m.model, count(*), sum(m.input_tokens), sum(m.output_tokens), sum(m.cache_creation_tokens),
         sum(m.cache_read_tokens),
         sum(m.input_tokens + m.output_tokens + m.cache_creation_tokens + m.cache_read_tokens)
  FROM claude_messages m
  LEFT JOIN claude_sessions s ON s.connection_id = m.connection_id AND s.external_id = m.session_id
  WHERE m.deleted_at IS NULL
    AND m.input_tokens + m.output_tokens + m.cache_creation_tokens + m.cache_read_tokens > 0
  GROUP BY 1, 2, 3, 4
$$;
--> statement-breakpoint

CREATE VIEW claude_tokens_by_day AS SELECT * FROM claude_tokens_by_day_in('UTC');
--> statement-breakpoint

CREATE VIEW claude_sessions_by_project AS
SELECT s.connection_id, coalesce(s.project_path, s.project) AS project, count(*) AS sessions,
       sum(s.message_count) AS messages, min(s.started_at) AS first_at, max(s.ended_at) AS last_at,
       sum(s.input_tokens) AS input_tokens, sum(s.output_tokens) AS output_tokens,
       sum(s.cache_creation_tokens) AS cache_creation_tokens, sum(s.cache_read_tokens) AS cache_read_tokens
FROM claude_sessions s
WHERE s.deleted_at IS NULL
GROUP BY 1, 2;
--> statement-breakpoint

-- How many lines of which type there are: types that nobody knows show here.
CREATE VIEW claude_line_types AS
SELECT connection_id, type, message_key IS NOT NULL AS is_message, count(*) AS lines
FROM claude_lines GROUP BY 1, 2, 3;
--> statement-breakpoint

CREATE VIEW claude_tool_uses AS
SELECT m.connection_id, m.session_id, m.external_id AS message_id, m.at, t ->> 'id' AS tool_use_id, t ->> 'name' AS name
FROM claude_messages m CROSS JOIN LATERAL jsonb_array_elements(m.tool_uses) AS t
WHERE m.deleted_at IS NULL;
--> statement-breakpoint

-- One row for each connection: its last sync. A view, so that it always says what the syncs say.
CREATE VIEW sync_metadata AS
SELECT c.connector || ':' || c.account_id AS sync_key, c.id AS connection_id,
       (SELECT max(d.finished_at) FROM syncs d
        WHERE d.connection_id = c.id AND d.status = 'completed' AND NOT d.dry_run AND d.purpose = 'sync')
         AS last_sync_timestamp,
       coalesce(f.records_read, 0) AS files_processed,
       (SELECT count(*) FROM sync_decisions d WHERE d.sync_id = s.id AND d.decision <> 'skip') AS sessions_processed,
       coalesce(s.status::text, 'idle') AS sync_status, s.error_message, c.created_at,
       greatest(c.updated_at, s.heartbeat_at, s.finished_at) AS updated_at
FROM connections c
LEFT JOIN LATERAL (
  SELECT * FROM syncs x WHERE x.connection_id = c.id AND NOT x.dry_run AND x.purpose = 'sync' ORDER BY x.id DESC LIMIT 1
) s ON true
LEFT JOIN sync_results f ON f.sync_id = s.id AND f.stream = 'files'
WHERE c.deleted_at IS NULL;
