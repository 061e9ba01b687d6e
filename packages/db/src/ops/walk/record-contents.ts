import type { RecordSample } from '@tidemark/core/contracts';
import type postgres from 'postgres';
import { type HeldVersion, momentOf } from './held-versions.ts';

type Value = NonNullable<RecordSample['changes']>[number]['from'];
export type Content = Record<string, Value>;

/** Characters of a text that a sample shows. */
const SHOWN_MAX = 200;

/** What identifies a record, one text for each: for maps. */
export function keyText({ stream, key }: Pick<HeldVersion, 'stream' | 'key'>): string {
  return JSON.stringify([stream, ...key]);
}

/** What people see of these records, in the caller's view, by `keyText`; those that are not held are left out. */
export async function recordContents(
  tx: postgres.TransactionSql,
  records: readonly HeldVersion[],
): Promise<Map<string, Content>> {
  if (records.length === 0) return new Map();
  const rows = await tx<{ stream: HeldVersion['stream']; key: string[]; content: Content }[]>`
    WITH wanted AS MATERIALIZED (
      SELECT r.stream, ARRAY(SELECT jsonb_array_elements_text(r.key)) AS key
      FROM jsonb_to_recordset(${JSON.stringify(records)}::text::jsonb) AS r(stream text, key jsonb)
    )
    SELECT w.stream, w.key, jsonb_build_object(
             'graphId', m.graph_id, 'senderName', left(m.sender_name, ${SHOWN_MAX}),
             'conversationStatus', m.conversation_status, 'updatedAt', m.source_updated_at,
             'deletedAt', m.deleted_at
           ) AS content
    FROM wanted w
    CROSS JOIN LATERAL (
      SELECT * FROM messenger_conversations m WHERE m.page_id = w.key[1] AND m.sender_id = w.key[2] LIMIT 1
    ) AS m
    WHERE w.stream = 'conversations'
    UNION ALL
    SELECT w.stream, w.key, jsonb_build_object(
             'type', e.event_type, 'at', e.event_timestamp, 'direction', e.direction,
             'text', left(e.text, ${SHOWN_MAX}), 'metadata', left(e.metadata::text, ${SHOWN_MAX})
           )
    FROM wanted w
    CROSS JOIN LATERAL (
      SELECT m.id FROM messenger_conversations m WHERE m.page_id = w.key[1] AND m.sender_id = w.key[2] LIMIT 1
    ) AS m
    CROSS JOIN LATERAL (
      SELECT * FROM contact_interaction_events e
      WHERE e.conversation_id = m.id AND CASE
        WHEN cardinality(w.key) = 3 THEN e.message_id = w.key[3]
        ELSE e.message_id IS NULL AND e.event_type = w.key[4] AND ${momentOf(tx, 'e.event_timestamp')} = w.key[5]
      END
      LIMIT 1
    ) AS e
    WHERE w.stream = 'messages'`;
  return new Map(rows.map((row) => [keyText(row), row.content]));
}
