import { connectionSchema } from '@tidemark/core/contracts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireConnection } from './require-connection.ts';

export const getOneConnection: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/connections/:id',
    config: { scope: 'connections:read', problems: ['not_found'] },
    schema: {
      operationId: 'getConnection',
      tags: ['connections'],
      summary: 'Read a connection',
      params: idParams,
      querystring: noQuery,
      response: { 200: connectionSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), connectionId: request.params.id };
      return (await requireConnection(db, target)).connection;
    },
  });
};
