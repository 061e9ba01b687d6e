import { listOf, pageQuerySchema, transitionSchema } from '@tidemark/core/contracts';
import { listTransitions } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

const LIST = 'history';
const transitionId = z.string().regex(/^\d{1,18}$/);

export const getSyncHistory: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id/history',
    config: { scope: 'syncs:read', problems: ['not_found', 'invalid_cursor'] },
    schema: {
      operationId: 'getSyncHistory',
      tags: ['syncs'],
      summary: 'List the transitions of a sync and its jobs, oldest first',
      params: idParams,
      querystring: pageQuerySchema,
      response: { 200: listOf(transitionSchema) },
    },
    handler: async (request) => {
      const syncId = request.params.id;
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, transitionId, cursor);
      await requireSync(db, { tenantId: tenantOf(request), syncId });
      return listBody(LIST, await listTransitions(db, { syncId, limit, after }));
    },
  });
};
