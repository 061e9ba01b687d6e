import type { ConversationRecord } from '@tidemark/core/records';
import {
  type ConflictedFields,
  disputedFields,
  type FieldChanges,
  type LocalEdits,
} from '@tidemark/core/resolution';
import { type Database, type EditOutcome, editConversation } from '@tidemark/db';
import { writeRecords } from '../../src/ops/write-records.ts';
import { conversation, type Fixture } from './fixtures.ts';

export const POLICIES = ['source_wins', 'local_wins', 'manual'] as const;
export type Policy = (typeof POLICIES)[number];

export const day = (n: number) => new Date(Date.UTC(2024, 0, n)).toISOString();

/** What the source said of a contact on a day. */
export function version(contact: string, moment: number, says: { name?: string; status?: string } = {}) {
  return conversation(contact, {
    asOf: day(moment),
    updatedAt: day(moment),
    senderName: says.name ?? `name ${moment}`,
    conversationStatus: says.status ?? 'open',
  });
}

export interface EditedRow {
  id: string;
  sender_id: string;
  sender_name: string | null;
  conversation_status: string;
  version: number;
  edits: LocalEdits;
  conflict: ConflictedFields | null;
}

/** Conversations of one connection, under people's hands. */
export function editedConversations({ db, connectionId }: Fixture) {
  const rows = async (): Promise<EditedRow[]> => [
    ...(await db.sql<EditedRow[]>`
      SELECT m.id, m.sender_id, m.sender_name, m.conversation_status, m.version, m.local_edits AS edits, k.fields AS conflict
      FROM messenger_conversations m
      LEFT JOIN sync_conflicts k ON k.record_id = m.id AND k.status = 'open'
      ORDER BY m.sender_id`),
  ];
  const row = async (contact: string): Promise<EditedRow> => {
    const found = (await rows()).find((candidate) => candidate.sender_id === contact);
    if (found === undefined) throw new Error(`There is no conversation with ${contact}.`);
    return found;
  };
  return {
    rows,
    row,
    begin: async (policy: Policy): Promise<void> => {
      // A few rows: far cheaper than TRUNCATE.
      await db.sql`DELETE FROM sync_conflicts`;
      await db.sql`DELETE FROM messenger_conversations`;
      await setPolicy(db, connectionId, policy);
    },
    setPolicy: (policy: Policy) => setPolicy(db, connectionId, policy),
    write: (records: ConversationRecord[]) =>
      db.sql.begin(async (tx) => {
        const written = await writeRecords(tx, connectionId, [{ kind: 'conversations', rows: records }]);
        return written.counts;
      }),
    edit: async (contact: string, changes: FieldChanges, atVersion?: number): Promise<EditOutcome> => {
      const { id, version: current } = await row(contact);
      const tenantId = await tenantOf(db, connectionId);
      return editConversation(db, {
        tenantId,
        conversationId: id,
        versions: [atVersion ?? current],
        changes,
      });
    },
    history: async () => [
      ...(await db.sql<{ resolution: string; fields: ConflictedFields }[]>`
        SELECT resolution, fields FROM sync_conflicts WHERE status = 'resolved' ORDER BY id`),
    ],
  };
}

export async function tenantOf(db: Database, connectionId: string): Promise<string> {
  const [row] = await db.sql<{ tenant_id: string }[]>`
    SELECT tenant_id FROM connections WHERE id = ${connectionId}`;
  return row?.tenant_id ?? '';
}

async function setPolicy(db: Database, connectionId: string, policy: Policy): Promise<void> {
  await db.sql`UPDATE connections SET conflict_policy = ${policy} WHERE id = ${connectionId}`;
}

/** What two orders of arrival must have in common; without ids, versions and times of writing. */
export function comparable(rows: readonly EditedRow[]): unknown[] {
  return rows.map(({ sender_id, sender_name, conversation_status, edits, conflict }) => ({
    sender_id,
    sender_name,
    conversation_status,
    conflict,
    edits: Object.fromEntries(
      Object.entries(edits).map(([field, edit]) => [
        field,
        [edit?.value, edit?.baseValue, edit?.sourceValue],
      ]),
    ),
  }));
}

/** Rows that do not show their edits, or whose open conflict is not what their edits say; must always be none. */
export function unsound(rows: readonly EditedRow[], policy: Policy): EditedRow[] {
  return rows.filter((row) => {
    const shown = { senderName: row.sender_name, conversationStatus: row.conversation_status };
    const isShown = Object.entries(row.edits).every(
      ([field, edit]) => Object.entries(shown).find(([name]) => name === field)?.[1] === edit?.value,
    );
    const disputed = policy === 'manual' ? disputedFields(row.edits) : {};
    return !isShown || JSON.stringify(sorted(disputed)) !== JSON.stringify(sorted(row.conflict ?? {}));
  });
}

function sorted(fields: ConflictedFields): unknown[] {
  return Object.entries(fields)
    .map(([name, field]) => [name, field?.source, field?.local, field?.base])
    .sort();
}
