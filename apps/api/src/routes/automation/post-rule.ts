import { automationRuleSchema, createAutomationRuleSchema } from '@tidemark/core/contracts';
import { createAutomationRule } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { noConnection } from '../connections/require-connection.ts';
import { idempotencyHeaders, noQuery } from '../schemas.ts';
import { requireRule } from './require-rule.ts';

/** Makes a rule that is in force at once. */
export const postAutomationRule: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/automation-rules',
    config: { scope: 'operations:write', idempotent: true, problems: ['not_found'] },
    schema: {
      operationId: 'createAutomationRule',
      tags: ['automation'],
      summary: 'Make an automation rule',
      description:
        'Fires once for each message of a contact that fits the condition, and that was sent from now on: messages that ' +
        'were there before fire nothing, whenever they arrive.',
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: createAutomationRuleSchema,
      response: { 201: automationRuleSchema },
    },
    handler: async (request, reply) => {
      const tenantId = tenantOf(request);
      const ruleId = await createAutomationRule(db, { ...request.body, tenantId });
      if (ruleId === null) throw noConnection();
      const rule = await requireRule(db, { tenantId, ruleId });
      request.log.info({ ruleId }, 'automation rule created');
      return reply.code(201).header('location', `/v1/automation-rules/${ruleId}`).send(rule);
    },
  });
};
