import { deleteAutomationRule } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery, nothing } from '../schemas.ts';
import { noRule } from './require-rule.ts';

export const deleteOneAutomationRule: Endpoint = (app, { db }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/automation-rules/:id',
    config: { scope: 'operations:write', problems: ['not_found'] },
    schema: {
      operationId: 'deleteAutomationRule',
      tags: ['automation'],
      summary: 'Delete an automation rule with its history',
      description: 'Tags that it set stay.',
      params: idParams,
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), ruleId: request.params.id };
      if (!(await deleteAutomationRule(db, target))) throw noRule();
      request.log.info({ ruleId: target.ruleId }, 'automation rule deleted');
      return reply.code(204).send();
    },
  });
};
