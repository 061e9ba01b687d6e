import { connectionSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listConnections } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'connections';

export const getConnections: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/connections',
    config: { scope: 'connections:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listConnections',
      tags: ['connections'],
      summary: 'List connections, newest first',
      querystring: pageQuerySchema,
      response: { 200: listOf(connectionSchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      return listBody(LIST, await listConnections(db, { tenantId: tenantOf(request), limit, after }));
    },
  });
};
