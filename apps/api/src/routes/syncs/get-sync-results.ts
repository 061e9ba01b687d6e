import { listOf, streamResultSchema } from '@tidemark/core/contracts';
import { listResults } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

export const getSyncResults: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id/results',
    config: { scope: 'syncs:read', problems: ['not_found'] },
    schema: {
      operationId: 'getSyncResults',
      tags: ['syncs'],
      summary: 'Read the counted results of a sync by stream',
      description: 'All streams in one page: a connector has a handful of them.',
      params: idParams,
      querystring: noQuery,
      response: { 200: listOf(streamResultSchema) },
    },
    handler: async (request) => {
      const syncId = request.params.id;
      await requireSync(db, { tenantId: tenantOf(request), syncId });
      return { data: await listResults(db, syncId), nextCursor: null };
    },
  });
};
