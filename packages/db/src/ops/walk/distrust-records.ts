import type postgres from 'postgres';

/** Whose conversations, and the input that `bulk_upsert_conversations_with_events` is going to be given. */
export interface ConversationsInput {
  connectionId: string;
  pageId: string;
  input: string;
}

/**
 * Locks the conversations of the input as their one writer does, before it does: first the places of those that are not
 * there yet, then the rows, both in the order of contacts. Without the former, somebody who has just inserted one and
 * wants the others would wait for us, and we for them. The places are left empty again, and stay ours.
 *
 * Statements of their own, so that the next one sees what was waited for.
 */
export async function lockConversations(
  tx: postgres.TransactionSql,
  { connectionId, pageId, input }: ConversationsInput,
): Promise<void> {
  const places = await tx<{ id: string }[]>`
    INSERT INTO messenger_conversations (connection_id, page_id, sender_id)
    SELECT DISTINCT ${connectionId}::uuid, ${pageId}, c.sender_id
    FROM jsonb_to_recordset(${input}::text::jsonb) AS c(sender_id text)
    ORDER BY c.sender_id
    ON CONFLICT (page_id, sender_id) DO NOTHING
    RETURNING id`;
  await tx`
    SELECT 1 FROM messenger_conversations m
    WHERE m.page_id = ${pageId}
      AND m.sender_id IN (SELECT c.sender_id FROM jsonb_to_recordset(${input}::text::jsonb) AS c(sender_id text))
    ORDER BY m.sender_id
    FOR NO KEY UPDATE`;
  if (places.length === 0) return;
  await tx`DELETE FROM messenger_conversations WHERE id = ANY (${places.map(({ id }) => id)}::uuid[])`;
}

/**
 * Readies the conversations of the input for a comparison with what the source says now. A version is told by its
 * hash; a row that holds something else than its hash says, because somebody changed it past the engine, would pass
 * for unchanged. Such rows lose their hash, so that whatever the source says of them counts as a change, and is
 * written through the one way in.
 *
 * A field with a local edit is the person's, and what webhooks added to a message is theirs (0019); metadata are not
 * compared, since the links in them differ in every answer.
 *
 * Locks: the conversations, in the order of every writer.
 */
export async function distrustRecords(tx: postgres.TransactionSql, page: ConversationsInput): Promise<void> {
  const { pageId, input } = page;
  await lockConversations(tx, page);
  await tx`
    UPDATE messenger_conversations m SET content_hash = '', as_of = '-infinity'
    FROM jsonb_to_recordset(${input}::text::jsonb) AS c(
      sender_id text, graph_id text, sender_name text, conversation_status text, source_updated_at timestamptz(3),
      content_hash text
    )
    WHERE m.page_id = ${pageId} AND m.sender_id = c.sender_id AND m.content_hash = c.content_hash
      AND (
        m.graph_id IS DISTINCT FROM coalesce(c.graph_id, m.graph_id)
        OR m.source_updated_at IS DISTINCT FROM coalesce(c.source_updated_at, m.source_updated_at)
        OR (NOT m.local_edits ? 'senderName' AND m.sender_name IS DISTINCT FROM coalesce(c.sender_name, m.sender_name))
        OR (NOT m.local_edits ? 'conversationStatus'
            AND m.conversation_status IS DISTINCT FROM coalesce(c.conversation_status, m.conversation_status))
      )`;
  await tx`
    UPDATE contact_interaction_events h SET content_hash = '', as_of = '-infinity'
    FROM (
      SELECT held.id
      FROM jsonb_to_recordset(${input}::text::jsonb) AS c(sender_id text, events jsonb)
      JOIN messenger_conversations m ON m.page_id = ${pageId} AND m.sender_id = c.sender_id
      CROSS JOIN LATERAL jsonb_to_recordset(coalesce(c.events, '[]')) AS e(
        message_id text, event_type text, event_timestamp timestamptz(3), direction text, text text, content_hash text
      )
      CROSS JOIN LATERAL (
        SELECT * FROM contact_interaction_events held
        WHERE held.conversation_id = m.id AND held.message_id = e.message_id LIMIT 1
      ) AS held
      WHERE held.content_hash = e.content_hash
        AND held.notified IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM contact_interaction_events edit
          WHERE edit.conversation_id = m.id AND edit.subject_id = held.message_id
            AND edit.event_type IN ('edit', 'unsend'))
        AND (held.event_type, held.event_timestamp, held.direction, held.text)
            IS DISTINCT FROM (e.event_type, e.event_timestamp, e.direction, e.text)
    ) AS changed
    WHERE h.id = changed.id`;
}

/**
 * Sets the figures of the described conversations right that are derived from their events, where something past the
 * engine changed either. The caller holds the locks of `distrustRecords`; the events are counted once per walk, on the
 * page that describes the conversation.
 */
export async function mendDerivedFigures(
  tx: postgres.TransactionSql,
  { pageId, input }: ConversationsInput,
): Promise<void> {
  await tx`
    UPDATE messenger_conversations m
       SET message_count = derived.count, last_message = derived.text, last_message_time = derived.at,
           version = m.version + 1, updated_at = now()
      FROM (
        SELECT held.id, n.count, newest.text, newest.at
        FROM (
          SELECT DISTINCT c.sender_id
          FROM jsonb_to_recordset(${input}::text::jsonb) AS c(sender_id text, content_hash text)
          WHERE c.content_hash IS NOT NULL
        ) AS c
        JOIN messenger_conversations held ON held.page_id = ${pageId} AND held.sender_id = c.sender_id
        CROSS JOIN LATERAL (
          SELECT count(*)::integer AS count FROM contact_interaction_events e
          WHERE e.conversation_id = held.id AND e.event_type = 'message'
        ) AS n
        LEFT JOIN LATERAL (
          SELECT e.text, e.event_timestamp AS at FROM contact_interaction_events e
          WHERE e.conversation_id = held.id AND e.event_type = 'message'
          ORDER BY e.event_timestamp DESC, e.message_id DESC NULLS LAST LIMIT 1
        ) AS newest ON true
      ) AS derived
     WHERE m.id = derived.id
       AND (m.message_count, m.last_message, m.last_message_time)
           IS DISTINCT FROM (derived.count, derived.text, derived.at)`;
}
