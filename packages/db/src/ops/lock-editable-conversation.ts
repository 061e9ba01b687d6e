import type { EditableRecord, EditedRecord, LocalEdits } from '@tidemark/core/resolution';
import type postgres from 'postgres';

/** A conversation under its row lock, and the database's time. */
export interface LockedConversation extends EditableRecord {
  id: string;
  /** ISO 8601. */
  now: string;
}

/**
 * Locks a conversation of the tenant against every other writer, pages and webhooks included, until the caller's
 * transaction ends; null when there is none.
 *
 * Lock order: a conversation first, its conflict after it.
 */
export async function lockEditableConversation(
  tx: postgres.TransactionSql,
  target: { tenantId: string; conversationId: string },
): Promise<LockedConversation | null> {
  const [row] = await tx<
    {
      id: string;
      senderName: string | null;
      conversationStatus: string;
      edits: LocalEdits;
      asOf: string;
      contentHash: string;
      version: number;
      now: string;
    }[]
  >`
    SELECT m.id, m.sender_name AS "senderName", m.conversation_status AS "conversationStatus",
           m.local_edits AS edits, to_jsonb(m.as_of) #>> '{}' AS "asOf", m.content_hash AS "contentHash", m.version,
           to_jsonb(clock_timestamp()::timestamptz(3)) #>> '{}' AS now
    FROM messenger_conversations m
    JOIN connections c ON c.id = m.connection_id
    WHERE m.id = ${target.conversationId} AND c.tenant_id = ${target.tenantId}
    FOR NO KEY UPDATE OF m`;
  if (row === undefined) return null;
  const { senderName, conversationStatus, now, ...record } = row;
  return { ...record, values: { senderName, conversationStatus }, now: new Date(now).toISOString() };
}

/** Writes what became of a conversation the caller holds locked, as its next version; returns that version. */
export async function writeEditedConversation(
  tx: postgres.TransactionSql,
  locked: LockedConversation,
  edited: EditedRecord,
): Promise<number> {
  const { senderName, conversationStatus } = edited.values;
  const [row] = await tx<{ version: number }[]>`
    UPDATE messenger_conversations
       SET sender_name = ${senderName}, conversation_status = coalesce(${conversationStatus}, conversation_status),
           local_edits = ${JSON.stringify(edited.edits)}::text::jsonb, version = version + 1,
           updated_at = clock_timestamp()
     WHERE id = ${locked.id}
    RETURNING version`;
  if (row === undefined) throw new Error('UPDATE messenger_conversations returned no row.');
  return row.version;
}
