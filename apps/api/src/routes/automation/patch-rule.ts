import { automationRuleSchema, patchAutomationRuleSchema } from '@tidemark/core/contracts';
import { updateAutomationRule } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { noRule, requireRule } from './require-rule.ts';

export const patchAutomationRule: Endpoint = (app, { db }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/automation-rules/:id',
    config: { scope: 'operations:write', problems: ['not_found'] },
    schema: {
      operationId: 'updateAutomationRule',
      tags: ['automation'],
      summary: 'Change, disable or enable an automation rule',
      description:
        'A condition or a list of actions is replaced as a whole. A rule that is enabled again does not fire for what ' +
        'was sent while it was disabled.',
      params: idParams,
      querystring: noQuery,
      body: patchAutomationRuleSchema,
      response: { 200: automationRuleSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), ruleId: request.params.id };
      if (!(await updateAutomationRule(db, target, request.body))) throw noRule();
      request.log.info({ ruleId: target.ruleId }, 'automation rule changed');
      return requireRule(db, target);
    },
  });
};
