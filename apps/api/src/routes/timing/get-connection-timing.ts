import { timingQuerySchema, timingSchema } from '@tidemark/core/contracts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { requireConnection } from '../connections/require-connection.ts';
import { idParams } from '../schemas.ts';
import { readTimingOrRefuse } from './read-timing-or-refuse.ts';

export const getTimingOfConnection: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/connections/:id/timing',
    config: { scope: 'data:read', problems: ['not_found', 'invalid_query'] },
    schema: {
      operationId: 'getConnectionTiming',
      tags: ['connections'],
      summary: 'Read when the contacts of a Page write, by hour of the week',
      params: idParams,
      querystring: timingQuerySchema,
      response: { 200: timingSchema },
    },
    handler: async (request) => {
      const connectionId = request.params.id;
      await requireConnection(db, { tenantId: tenantOf(request), connectionId });
      return readTimingOrRefuse(db, { connectionId, conversationId: null, ...request.query });
    },
  });
};
