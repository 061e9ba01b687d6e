import { automationRuleSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listAutomationRules } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireRule } from './require-rule.ts';

const LIST = 'automation-rules';

export const getAutomationRules: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/automation-rules',
    config: { scope: 'operations:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listAutomationRules',
      tags: ['automation'],
      summary: 'List automation rules, newest first',
      querystring: pageQuerySchema,
      response: { 200: listOf(automationRuleSchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      return listBody(LIST, await listAutomationRules(db, { tenantId: tenantOf(request), limit, after }));
    },
  });
};

export const getOneAutomationRule: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/automation-rules/:id',
    config: { scope: 'operations:read', problems: ['not_found'] },
    schema: {
      operationId: 'getAutomationRule',
      tags: ['automation'],
      summary: 'One automation rule',
      params: idParams,
      querystring: noQuery,
      response: { 200: automationRuleSchema },
    },
    handler: (request) => requireRule(db, { tenantId: tenantOf(request), ruleId: request.params.id }),
  });
};
