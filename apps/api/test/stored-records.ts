import type { InvalidRecord } from '@tidemark/core/records';
import type { Database } from '@tidemark/db';
import { quarantineRecords } from '../../../packages/db/src/ops/quarantine-records.ts';

/** Writes what a source said of a contact on a day of 2024, the way pages and webhooks do; returns the conversation. */
export async function writeConversation(
  db: Database,
  connectionId: string,
  day: number,
  { contact = 'a', name = `name ${day}`, status = 'open' } = {},
): Promise<string> {
  const record = {
    sender_id: contact,
    sender_name: name,
    conversation_status: status,
    as_of: new Date(Date.UTC(2024, 0, day)).toISOString(),
    content_hash: `${name} ${status} ${day}`,
  };
  const [row] = await db.sql<{ id: string }[]>`
    SELECT conversation_id AS id
    FROM upsert_conversation_with_events(${connectionId}, ${connectionId}, ${JSON.stringify(record)}::text::jsonb)`;
  return row?.id ?? '';
}

/** Quarantines a record the way a page does, and returns its id. */
export async function quarantine(
  db: Database,
  connectionId: string,
  record: Partial<InvalidRecord>,
): Promise<string> {
  const whole = {
    stream: 'messages',
    externalId: null,
    reason: 'was refused',
    path: '/x',
    raw: {},
    ...record,
  };
  await db.sql.begin((tx) => quarantineRecords(tx, { connectionId, syncId: null }, [whole]));
  const [row] = await db.sql<{ id: string }[]>`
    SELECT id FROM quarantine WHERE connection_id = ${connectionId} ORDER BY last_seen_at DESC, id DESC LIMIT 1`;
  return row?.id ?? '';
}
