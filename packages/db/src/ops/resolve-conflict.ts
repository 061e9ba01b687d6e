import type { ConflictResolution } from '@tidemark/core/contracts';
import { type ConflictedFields, type Side, type SidesByField, takeSides } from '@tidemark/core/resolution';
import type { Database } from '../database.ts';
import { lockEditableConversation, writeEditedConversation } from './lock-editable-conversation.ts';

export interface ResolveConflict {
  tenantId: string;
  conflictId: string;
  /** One side for all fields, or a side for each. */
  sides: Side | SidesByField;
}

export type ResolveOutcome =
  | { kind: 'resolved'; conversationId: string; version: number }
  | { kind: 'alreadyResolved'; resolution: ConflictResolution }
  /** The sides given by field do not match the fields in conflict. Nothing was written. */
  | { kind: 'unmatched'; missing: string[]; unknown: string[] }
  | { kind: 'notFound' };

/**
 * Settles an open conflict, in one transaction: the chosen sides become the conversation's next version, and the
 * conflict is closed. What counts are both sides as they are now, not as they were when the conflict was listed.
 *
 * Locks: the conversation's row, then the conflict's. Of several callers one resolves; the others find it resolved.
 */
export async function resolveConflict(db: Database, request: ResolveConflict): Promise<ResolveOutcome> {
  const { tenantId, conflictId, sides } = request;
  return db.sql.begin(async (tx): Promise<ResolveOutcome> => {
    const [found] = await tx<{ recordId: string }[]>`
      SELECT k.record_id AS "recordId" FROM sync_conflicts k
      JOIN connections c ON c.id = k.connection_id
      WHERE k.id = ${conflictId} AND c.tenant_id = ${tenantId}`;
    if (found === undefined) return { kind: 'notFound' };
    const locked = await lockEditableConversation(tx, { tenantId, conversationId: found.recordId });
    const [conflict] = await tx<{ resolution: ConflictResolution | null; fields: ConflictedFields }[]>`
      SELECT resolution, fields FROM sync_conflicts WHERE id = ${conflictId} FOR UPDATE`;
    if (locked === null || conflict === undefined) return { kind: 'notFound' };
    if (conflict.resolution !== null) return { kind: 'alreadyResolved', resolution: conflict.resolution };

    const names = Object.keys(conflict.fields);
    const chosen = typeof sides === 'string' ? Object.fromEntries(names.map((name) => [name, sides])) : sides;
    const given = Object.entries(chosen).flatMap(([name, side]) => (side === undefined ? [] : [name]));
    const missing = names.filter((name) => !given.includes(name));
    const unknown = given.filter((name) => !names.includes(name));
    if (missing.length + unknown.length > 0) return { kind: 'unmatched', missing, unknown };

    const version = await writeEditedConversation(tx, locked, takeSides(locked, chosen));
    await tx`
      UPDATE sync_conflicts
         SET status = 'resolved', resolution = ${typeof sides === 'string' ? sides : 'merge'},
             resolved_at = clock_timestamp(), updated_at = clock_timestamp()
       WHERE id = ${conflictId}`;
    return { kind: 'resolved', conversationId: locked.id, version };
  });
}
