import { listDecisionsQuerySchema, listOf, syncDecisionSchema } from '@tidemark/core/contracts';
import { listDecisions } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

const LIST = 'decisions';

export const getDecisions: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id/decisions',
    config: { scope: 'syncs:read', problems: ['not_found', 'invalid_cursor'] },
    schema: {
      operationId: 'listDecisions',
      tags: ['syncs'],
      summary: 'List what a sync decided about each thing it came by, and why',
      description: 'For connectors that report on each: claude-code, for sessions.',
      params: idParams,
      querystring: listDecisionsQuerySchema,
      response: { 200: listOf(syncDecisionSchema) },
    },
    handler: async (request) => {
      const syncId = request.params.id;
      const { limit, cursor, decision = null } = request.query;
      const after = decodeCursor(LIST, z.string(), cursor);
      await requireSync(db, { tenantId: tenantOf(request), syncId });
      return listBody(LIST, await listDecisions(db, { syncId, limit, after, decision }));
    },
  });
};
