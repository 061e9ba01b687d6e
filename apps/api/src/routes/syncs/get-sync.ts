import { syncSchema } from '@tidemark/core/contracts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

export const getOneSync: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id',
    config: { scope: 'syncs:read', problems: ['not_found'] },
    schema: {
      operationId: 'getSync',
      tags: ['syncs'],
      summary: 'Read a sync with its progress',
      params: idParams,
      querystring: noQuery,
      response: { 200: syncSchema },
    },
    handler: (request) => requireSync(db, { tenantId: tenantOf(request), syncId: request.params.id }),
  });
};
