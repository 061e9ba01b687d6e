import { failedPageSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listFailedPages } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

const LIST = 'failed-pages';

export const getFailedPages: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id/failed-pages',
    config: { scope: 'syncs:read', problems: ['not_found', 'invalid_cursor'] },
    schema: {
      operationId: 'listFailedPages',
      tags: ['syncs'],
      summary: 'List the pages a sync could not have and went on without',
      params: idParams,
      querystring: pageQuerySchema,
      response: { 200: listOf(failedPageSchema) },
    },
    handler: async (request) => {
      const syncId = request.params.id;
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      await requireSync(db, { tenantId: tenantOf(request), syncId });
      return listBody(LIST, await listFailedPages(db, { syncId, limit, after }));
    },
  });
};
