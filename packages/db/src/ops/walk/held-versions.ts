import type postgres from 'postgres';

/** Identifies a record beside its stream: `[page, contact]`, `[page, contact, message]`, or `[page, contact, '', type, moment]`. */
export type RecordKey = readonly string[];

/** A record of a page, and the version of it that is held at this moment; null where none is. */
export interface HeldVersion {
  stream: 'conversations' | 'messages';
  key: RecordKey;
  asOf: string | null;
  contentHash: string | null;
  /** The page brings what is held. */
  isSame: boolean;
  /** False for a conversation the page only names. */
  isDescribed: boolean;
}

/** SQL for the moment of an event without id, as keys have it. */
export function momentOf(tx: postgres.TransactionSql, column: string): postgres.PendingQuery<postgres.Row[]> {
  return tx`to_char(${tx(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Which version of each record of the input is held, in the caller's view. The input is that of
 * `bulk_upsert_conversations_with_events`. Looked up row by row, whatever the statistics of a growing table say.
 */
export async function heldVersions(
  tx: postgres.TransactionSql,
  pageId: string,
  input: string,
): Promise<HeldVersion[]> {
  return tx<HeldVersion[]>`
    WITH given AS MATERIALIZED (
      SELECT c.sender_id, c.content_hash, c.events
      FROM jsonb_to_recordset(${input}::text::jsonb) AS c(sender_id text, content_hash text, events jsonb)
    ), contacts AS MATERIALIZED (
      SELECT g.sender_id, array_agg(g.content_hash) AS hashes, m.id, m.as_of, m.content_hash
      FROM given g
      LEFT JOIN LATERAL (
        SELECT * FROM messenger_conversations m
        WHERE m.page_id = ${pageId} AND m.sender_id = g.sender_id LIMIT 1
      ) AS m ON true
      GROUP BY g.sender_id, m.id, m.as_of, m.content_hash
    ), events AS MATERIALIZED (
      SELECT g.sender_id, e.message_id,
             CASE WHEN e.message_id IS NULL THEN e.event_type END AS type,
             CASE WHEN e.message_id IS NULL THEN e.event_timestamp END AS moment,
             array_agg(e.content_hash) AS hashes
      FROM given g
      CROSS JOIN LATERAL jsonb_to_recordset(coalesce(g.events, '[]')) AS e(
        message_id text, event_type text, event_timestamp timestamptz(3), content_hash text
      )
      GROUP BY 1, 2, 3, 4
    )
    SELECT 'conversations' AS stream, ARRAY[${pageId}, sender_id] AS key, as_of::text AS "asOf",
           content_hash AS "contentHash", coalesce(content_hash = ANY (hashes), false) AS "isSame",
           array_remove(hashes, NULL) <> '{}' AS "isDescribed"
    FROM contacts
    UNION ALL
    SELECT 'messages', ARRAY[${pageId}, e.sender_id, e.message_id], held.as_of::text, held.content_hash,
           coalesce(held.content_hash = ANY (e.hashes), false), true
    FROM events e
    JOIN contacts c USING (sender_id)
    LEFT JOIN LATERAL (
      SELECT h.as_of, h.content_hash FROM contact_interaction_events h
      WHERE h.conversation_id = c.id AND h.message_id = e.message_id LIMIT 1
    ) AS held ON true
    WHERE e.message_id IS NOT NULL
    UNION ALL
    SELECT 'messages', ARRAY[${pageId}, e.sender_id, '', e.type, ${momentOf(tx, 'e.moment')}], held.as_of::text,
           held.content_hash, coalesce(held.content_hash = ANY (e.hashes), false), true
    FROM events e
    JOIN contacts c USING (sender_id)
    LEFT JOIN LATERAL (
      SELECT h.as_of, h.content_hash FROM contact_interaction_events h
      WHERE h.conversation_id = c.id AND h.message_id IS NULL AND h.event_timestamp = e.moment
        AND h.event_type = e.type LIMIT 1
    ) AS held ON true
    WHERE e.message_id IS NULL`;
}
