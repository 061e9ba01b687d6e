import {
  applyEdit,
  type ConflictedFields,
  disputedFields,
  type FieldChanges,
  type LocalEdits,
} from '@tidemark/core/resolution';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { lockEditableConversation, writeEditedConversation } from './lock-editable-conversation.ts';

export interface ConversationEdit {
  tenantId: string;
  conversationId: string;
  /** Versions the caller accepts, as it read them. */
  versions: readonly number[];
  changes: FieldChanges;
}

export type EditOutcome =
  /** At `version` now; the one before where the edit changes nothing. */
  | { kind: 'edited'; version: number }
  /** Somebody else, or the source, was faster. Nothing was written. */
  | { kind: 'stale'; currentVersion: number }
  | { kind: 'notFound' };

/**
 * A person's change to a conversation, in one transaction: compare and set of the version, the fields with their
 * local edits, and the open conflict of the conversation brought up to date (or closed, when its sides agree now).
 *
 * Locks: the conversation's row, so that of several edits made at one version one is written and the others are
 * stale, and so that a page that arrives meanwhile sees the edit or is seen by it; then the open conflict.
 */
export async function editConversation(db: Database, edit: ConversationEdit): Promise<EditOutcome> {
  return db.sql.begin(async (tx): Promise<EditOutcome> => {
    const locked = await lockEditableConversation(tx, edit);
    if (locked === null) return { kind: 'notFound' };
    if (!edit.versions.includes(locked.version)) return { kind: 'stale', currentVersion: locked.version };

    const disputed = await openConflictOf(tx, locked.id);
    const context = { disputed: disputed ?? {}, at: locked.now };
    const edited = applyEdit(locked, edit.changes, context);
    if (edited === null) return { kind: 'edited', version: locked.version };
    const version = await writeEditedConversation(tx, locked, edited);
    if (disputed !== null) await updateConflict(tx, locked.id, edited.edits);
    return { kind: 'edited', version };
  });
}

async function openConflictOf(
  tx: postgres.TransactionSql,
  recordId: string,
): Promise<ConflictedFields | null> {
  const [row] = await tx<{ fields: ConflictedFields }[]>`
    SELECT fields FROM sync_conflicts
    WHERE stream = 'conversations' AND record_id = ${recordId} AND status = 'open' FOR UPDATE`;
  return row?.fields ?? null;
}

async function updateConflict(
  tx: postgres.TransactionSql,
  recordId: string,
  edits: LocalEdits,
): Promise<void> {
  const fields = disputedFields(edits);
  const isOpen = Object.keys(fields).length > 0;
  await tx`
    UPDATE sync_conflicts
       SET fields = CASE WHEN ${isOpen} THEN ${JSON.stringify(fields)}::text::jsonb ELSE fields END,
           status = CASE WHEN ${isOpen} THEN 'open' ELSE 'resolved' END,
           resolution = CASE WHEN ${isOpen} THEN NULL ELSE 'obsolete' END,
           resolved_at = CASE WHEN ${isOpen} THEN NULL ELSE clock_timestamp() END,
           updated_at = clock_timestamp()
     WHERE stream = 'conversations' AND record_id = ${recordId} AND status = 'open'`;
}
