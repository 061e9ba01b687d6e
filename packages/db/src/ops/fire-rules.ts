import {
  type ContactEvent,
  type Firing,
  firingsOf,
  type Notice,
  noticesOf,
  type Rule,
  type TagChange,
  tagChangesOf,
} from '@tidemark/core/automation';
import type postgres from 'postgres';

/** What a contact did, by the writer's own word that it was not known before. */
export type NewContactEvent = Omit<ContactEvent, 'conversationId' | 'connectionId'>;

/**
 * Carries out the automation rules for events that the caller's transaction has just stored, while it holds the rows of
 * their conversations. A rule's firing is recorded first; whoever cannot record it does nothing.
 *
 * Locks: the rules that fire (key share), so that one that is being deleted fires either before that or not at all.
 */
export async function fireRules(
  tx: postgres.TransactionSql,
  connectionId: string,
  events: readonly ContactEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const wanted = firingsOf(await loadRules(tx, connectionId), events);
  if (wanted.length === 0) return;
  const fired = await recordFirings(tx, wanted);
  await changeTags(tx, tagChangesOf(fired));
  await publishNotices(tx, noticesOf(fired));
}

async function loadRules(tx: postgres.TransactionSql, connectionId: string): Promise<Rule[]> {
  return tx<Rule[]>`
    SELECT r.id, r.name, r.connection_id AS "connectionId", r.condition, r.actions,
           tidemark_iso(r.active_since) AS "activeSince"
    FROM automation_rules r
    JOIN connections c ON c.tenant_id = r.tenant_id
    WHERE c.id = ${connectionId} AND r.enabled AND (r.connection_id IS NULL OR r.connection_id = c.id)`;
}

/** Those that fire now, in their order. */
async function recordFirings(tx: postgres.TransactionSql, wanted: readonly Firing[]): Promise<Firing[]> {
  const rows = wanted.map(({ rule, event }, place) => ({
    place,
    rule_id: rule.id,
    conversation_id: event.conversationId,
    event_id: event.id,
    message_id: event.messageId,
    is_first: rule.condition.firstMessageOnly,
    actions: rule.actions,
  }));
  const recorded = await tx<{ ruleId: string; eventId: string }[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS g(
        place int, rule_id uuid, conversation_id uuid, event_id uuid, message_id text, is_first boolean, actions jsonb)
    ), living AS MATERIALIZED (
      SELECT r.id FROM automation_rules r WHERE r.id IN (SELECT rule_id FROM given) ORDER BY r.id FOR KEY SHARE
    )
    INSERT INTO automation_firings (rule_id, conversation_id, event_id, message_id, is_first, actions)
    SELECT g.rule_id, g.conversation_id, g.event_id, g.message_id, g.is_first, g.actions
    FROM given g JOIN living ON living.id = g.rule_id
    ORDER BY g.place
    ON CONFLICT DO NOTHING
    RETURNING rule_id AS "ruleId", event_id AS "eventId"`;
  const fired = new Set(recorded.map((row) => `${row.ruleId} ${row.eventId}`));
  return wanted.filter(({ rule, event }) => fired.has(`${rule.id} ${event.id}`));
}

async function changeTags(tx: postgres.TransactionSql, changes: readonly TagChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({
    conversation_id: change.conversationId,
    tag: change.tag,
    is_added: change.kind === 'add',
    automatic: change.automatic,
    as_of: change.asOf,
    as_of_key: change.asOfKey,
    rule_id: change.ruleId,
  }));
  await tx`SELECT tidemark_change_tags(${JSON.stringify(rows)}::text::jsonb)`;
}

async function publishNotices(tx: postgres.TransactionSql, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const rows = notices.map(({ firing: { rule, event }, message }) => ({
    conversationId: event.conversationId,
    connectionId: event.connectionId,
    ruleId: rule.id,
    ruleName: rule.name,
    message,
    eventId: event.id,
    eventType: event.type,
    messageId: event.messageId,
    text: event.text,
    at: event.at,
  }));
  await tx`
    SELECT tidemark_publish(
      c.tenant_id, 'automation.notified', 'conversation ' || (n.data ->> 'conversationId'), clock_timestamp(), n.data)
    FROM (
      SELECT data FROM jsonb_array_elements(${JSON.stringify(rows)}::text::jsonb) WITH ORDINALITY AS g(data, place)
      ORDER BY place
    ) AS n
    JOIN connections c ON c.id = (n.data ->> 'connectionId')::uuid`;
}
