import { automationFiringSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listAutomationFirings } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireRule } from './require-rule.ts';

const LIST = 'automation-firings';

/** For which messages a rule fired, and what it did. */
export const getFiringsOfRule: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/automation-rules/:id/firings',
    config: { scope: 'operations:read', problems: ['not_found', 'invalid_cursor'] },
    schema: {
      operationId: 'listAutomationFirings',
      tags: ['automation'],
      summary: 'List what a rule did, newest first',
      params: idParams,
      querystring: pageQuerySchema,
      response: { 200: listOf(automationFiringSchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const ruleId = request.params.id;
      await requireRule(db, { tenantId: tenantOf(request), ruleId });
      const after = decodeCursor(LIST, z.uuid(), cursor);
      return listBody(LIST, await listAutomationFirings(db, { ruleId, limit, after }));
    },
  });
};
