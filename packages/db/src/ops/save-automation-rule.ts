import type { AutomationRule, CreateAutomationRule, PatchAutomationRule } from '@tidemark/core/contracts';
import type { Database } from '../database.ts';

export interface RuleTarget {
  tenantId: string;
  ruleId: string;
}

/** Stores a rule and returns its id. It is about what happens from now on. Null: the tenant has no such connection. */
export async function createAutomationRule(
  db: Database,
  rule: CreateAutomationRule & { tenantId: string },
): Promise<string | null> {
  const [row] = await db.sql<{ id: string }[]>`
    INSERT INTO automation_rules (tenant_id, connection_id, name, enabled, condition, actions, active_since)
    SELECT ${rule.tenantId}, ${rule.connectionId}, ${rule.name}, ${rule.enabled},
           ${JSON.stringify(rule.condition)}::text::jsonb, ${JSON.stringify(rule.actions)}::text::jsonb, clock_timestamp()
    WHERE ${rule.connectionId}::uuid IS NULL OR EXISTS (
      SELECT 1 FROM connections
      WHERE id = ${rule.connectionId} AND tenant_id = ${rule.tenantId} AND deleted_at IS NULL)
    RETURNING id`;
  return row?.id ?? null;
}

/**
 * Changes what was given. One that is enabled again has nothing to do with what happened while it was not. False: the
 * tenant has no such rule.
 */
export async function updateAutomationRule(
  db: Database,
  target: RuleTarget,
  changes: PatchAutomationRule,
): Promise<boolean> {
  const { name = null, enabled = null } = changes;
  const changed = await db.sql`
    UPDATE automation_rules
       SET name = coalesce(${name}, name), enabled = coalesce(${enabled}::boolean, enabled),
           condition = coalesce(${jsonOrNull(changes.condition)}::text::jsonb, condition),
           actions = coalesce(${jsonOrNull(changes.actions)}::text::jsonb, actions),
           active_since = CASE WHEN ${enabled}::boolean AND NOT enabled THEN clock_timestamp() ELSE active_since END,
           updated_at = clock_timestamp()
     WHERE id = ${target.ruleId} AND tenant_id = ${target.tenantId}`;
  return changed.count > 0;
}

/** Deletes a rule with its history; tags it set stay. False: the tenant has no such rule. */
export async function deleteAutomationRule(db: Database, target: RuleTarget): Promise<boolean> {
  const gone = await db.sql`
    DELETE FROM automation_rules WHERE id = ${target.ruleId} AND tenant_id = ${target.tenantId}`;
  return gone.count > 0;
}

function jsonOrNull(
  value: AutomationRule['condition'] | AutomationRule['actions'] | undefined,
): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
