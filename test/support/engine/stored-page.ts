import type { Database } from '@tidemark/db';

/** A message as it is stored. */
export interface StoredMessage {
  id: string | null;
  type: string;
  /** ISO 8601 UTC with milliseconds. */
  at: string;
  text: string | null;
  direction: 'in' | 'out' | null;
  metadata: Record<string, unknown>;
}

/** A conversation as it is stored, with its messages from the oldest to the newest. */
export interface StoredConversation {
  contactId: string;
  graphId: string | null;
  contactName: string | null;
  updatedTime: string | null;
  messageCount: number;
  lastMessage: string | null;
  lastMessageTime: string | null;
  messages: StoredMessage[];
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** Everything that is stored of a Page. */
export async function readStoredPage(db: Database, pageId: string): Promise<StoredConversation[]> {
  const iso = (column: string) => db.sql.unsafe(`to_char(${column} AT TIME ZONE 'UTC', ${ISO})`);
  const rows = await db.sql<StoredConversation[]>`
    SELECT c.sender_id AS "contactId", c.graph_id AS "graphId", c.sender_name AS "contactName",
           ${iso('c.source_updated_at')} AS "updatedTime", c.message_count AS "messageCount",
           c.last_message AS "lastMessage", ${iso('c.last_message_time')} AS "lastMessageTime",
           (SELECT coalesce(jsonb_agg(jsonb_build_object(
                     'id', e.message_id, 'type', e.event_type, 'at', ${iso('e.event_timestamp')}, 'text', e.text,
                     'direction', e.direction, 'metadata', e.metadata
                   ) ORDER BY e.event_timestamp, e.message_id), '[]')
              FROM contact_interaction_events e WHERE e.conversation_id = c.id) AS messages
    FROM messenger_conversations c WHERE c.page_id = ${pageId} AND c.deleted_at IS NULL`;
  return rows.map((row) => ({ ...row }));
}

/** The version of each stored row by its key, as PostgreSQL keeps it: a row that is rewritten gets another one. */
export async function readRowVersions(db: Database): Promise<Map<string, string>> {
  const rows = await db.sql<{ key: string; version: string }[]>`
    SELECT 'conversation ' || sender_id AS key, xmin::text || ' ' || ctid::text AS version
    FROM messenger_conversations
    UNION ALL
    SELECT 'message ' || message_id, xmin::text || ' ' || ctid::text FROM contact_interaction_events`;
  return new Map(rows.map(({ key, version }) => [key, version]));
}

/** The keys of rows that are new or were rewritten between two readings. */
export function rewritten(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Set<string> {
  const keys = [...after].filter(([key, version]) => before.get(key) !== version).map(([key]) => key);
  return new Set(keys);
}
