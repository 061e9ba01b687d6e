import { connectionStateSchema } from '@tidemark/core/contracts';
import { getConnectionState } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireConnection } from './require-connection.ts';

export const getStateOfConnection: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/connections/:id/state',
    config: { scope: 'connections:read', problems: ['not_found'] },
    schema: {
      operationId: 'getConnectionState',
      tags: ['connections'],
      summary: 'Read where a connection stands',
      description:
        'Checkpoint and watermark by stream, the lease, the last sync; `idle` when no sync is live.',
      params: idParams,
      querystring: noQuery,
      response: { 200: connectionStateSchema },
    },
    handler: async (request) => {
      const connectionId = request.params.id;
      await requireConnection(db, { tenantId: tenantOf(request), connectionId });
      return getConnectionState(db, connectionId);
    },
  });
};
