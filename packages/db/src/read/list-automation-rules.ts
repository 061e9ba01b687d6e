import type { AutomationFiring, AutomationRule } from '@tidemark/core/contracts';
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { automationFirings, automationRules } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** The tenant's rules, newest first; `after` is the id of the last one seen. */
export async function listAutomationRules(
  db: Database,
  query: { tenantId: string; limit: number; after: string | null },
): Promise<ListPage<AutomationRule, string>> {
  const { tenantId, limit, after } = query;
  const rows = await db.orm
    .select()
    .from(automationRules)
    .where(
      and(eq(automationRules.tenantId, tenantId), after === null ? undefined : lt(automationRules.id, after)),
    )
    .orderBy(desc(automationRules.id))
    .limit(limit + 1);
  return pageOf(rows.map(toRule), limit, (row) => row.id);
}

/** One rule of the tenant, or null. */
export async function getAutomationRule(
  db: Database,
  target: { tenantId: string; ruleId: string },
): Promise<AutomationRule | null> {
  const [row] = await db.orm
    .select()
    .from(automationRules)
    .where(and(eq(automationRules.tenantId, target.tenantId), eq(automationRules.id, target.ruleId)));
  return row === undefined ? null : toRule(row);
}

/** What a rule did, newest first; `after` is the id of the last firing seen. */
export async function listAutomationFirings(
  db: Database,
  query: { ruleId: string; limit: number; after: string | null },
): Promise<ListPage<AutomationFiring, string>> {
  const { ruleId, limit, after } = query;
  const rows = await db.orm
    .select()
    .from(automationFirings)
    .where(
      and(eq(automationFirings.ruleId, ruleId), after === null ? undefined : lt(automationFirings.id, after)),
    )
    .orderBy(desc(automationFirings.id))
    .limit(limit + 1);
  return pageOf(rows.map(toFiring), limit, (row) => row.id);
}

function toRule(row: typeof automationRules.$inferSelect): AutomationRule {
  return {
    id: row.id,
    connectionId: row.connectionId,
    name: row.name,
    enabled: row.enabled,
    condition: row.condition,
    actions: row.actions,
    activeSince: row.activeSince.toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function toFiring(row: typeof automationFirings.$inferSelect): AutomationFiring {
  return {
    id: row.id,
    ruleId: row.ruleId,
    conversationId: row.conversationId,
    eventId: row.eventId,
    messageId: row.messageId,
    actions: row.actions,
    firedAt: row.firedAt.toISOString(),
  };
}
