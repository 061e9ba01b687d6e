import { type AutomationAction, automationConditionSchema } from '@tidemark/core/automation';
import type { ConversationRecord, EventRecord } from '@tidemark/core/records';
import type { Database } from '@tidemark/db';
import type postgres from 'postgres';
import { writeRecords } from '../../src/ops/write-records.ts';
import { conversation, message } from './fixtures.ts';

/** Long before every message of the tests. */
const EVER = '2020-01-01T00:00:00.000Z';

/** Makes a rule that was always there, unless told otherwise, and returns its id. */
export async function addRule(
  db: Database,
  actions: readonly AutomationAction[],
  {
    condition = {},
    activeSince = EVER,
    enabled = true,
  }: { condition?: object; activeSince?: string; enabled?: boolean } = {},
): Promise<string> {
  const whole = automationConditionSchema.parse(condition);
  const [row] = await db.sql<{ id: string }[]>`
    INSERT INTO automation_rules (tenant_id, name, enabled, condition, actions, active_since)
    SELECT tenant_id, 'rule', ${enabled}, ${JSON.stringify(whole)}::text::jsonb, ${JSON.stringify(actions)}::text::jsonb,
           ${activeSince}
    FROM connections LIMIT 1
    RETURNING id`;
  return row?.id ?? '';
}

/** Subscribes somebody who was always there, unless told otherwise; nobody delivers to it. */
export async function subscribe(db: Database, types: readonly string[] = [], since = EVER): Promise<void> {
  await db.sql`
    INSERT INTO subscribers (tenant_id, url, event_types, secret, created_at)
    SELECT tenant_id, 'https://subscriber.invalid', ${[...types]}::text[], 'x', ${since} FROM connections LIMIT 1`;
}

const START = Date.UTC(2024, 0, 1);
export const timeOf = (second: number) => new Date(START + second * 1_000).toISOString();

/** A message of the contact `a` at so many seconds; its id is its text. */
export function said(text: string, second: number, values: Partial<EventRecord> = {}): EventRecord {
  return message(text, { text, at: timeOf(second), asOf: timeOf(second), ...values });
}

/** A delivery for one contact: only the events speak. */
export function told(events: readonly EventRecord[], senderId = 'a'): ConversationRecord {
  return { ...conversation(senderId, { events: [...events] }), contentHash: null };
}

/** Writes as pages and webhooks do. */
export async function write(
  db: Database,
  connectionId: string,
  ...rows: ConversationRecord[]
): Promise<void> {
  await db.sql.begin((tx) => writeIn(tx, connectionId, ...rows));
}

export async function writeIn(
  tx: postgres.TransactionSql,
  connectionId: string,
  ...rows: ConversationRecord[]
): Promise<void> {
  await writeRecords(tx, connectionId, [{ kind: 'conversations', rows }]);
}

/** What fired: the rule's first action and the message; oldest message first, then by action. */
export async function firings(db: Database): Promise<string[]> {
  const rows = await db.sql<{ what: string }[]>`
    SELECT concat_ws(' ', f.actions -> 0 ->> 'type', f.actions -> 0 ->> 'tag', 'for', f.message_id) AS what
    FROM automation_firings f JOIN contact_interaction_events e ON e.id = f.event_id
    ORDER BY e.event_timestamp, e.message_id, what`;
  return rows.map((row) => row.what);
}

/** The tags conversations have, by name; automatic ones are marked. */
export async function tags(db: Database): Promise<string[]> {
  const rows = await db.sql<{ tag: string }[]>`
    SELECT tag || CASE WHEN automatic THEN ' (automatic)' ELSE '' END AS tag
    FROM conversation_tags WHERE removed_at IS NULL ORDER BY tag`;
  return rows.map((row) => row.tag);
}

/** What subscribers are told, in the order of delivery. */
export async function toldEvents(db: Database): Promise<string[]> {
  const rows = await db.sql<{ what: string }[]>`
    SELECT concat_ws(' ', e.type, coalesce(e.data ->> 'message', e.data ->> 'text')) AS what
    FROM outgoing_deliveries d JOIN outgoing_events e ON e.id = d.event_id ORDER BY d.id`;
  return rows.map((row) => row.what);
}

export async function clearAutomation(db: Database): Promise<void> {
  await db.sql`DELETE FROM messenger_conversations`;
  await db.sql`DELETE FROM automation_rules`;
  await db.sql`DELETE FROM subscribers`;
  await db.sql`DELETE FROM outgoing_events`;
}
