import type { AutomationRule } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, getAutomationRule, type RuleTarget } from '@tidemark/db';

export function noRule(): ProblemError {
  return new ProblemError('not_found', 'There is no automation rule with this id.');
}

/** The tenant's rule. Throws `not_found`. */
export async function requireRule(db: Database, target: RuleTarget): Promise<AutomationRule> {
  const rule = await getAutomationRule(db, target);
  if (rule === null) throw noRule();
  return rule;
}
