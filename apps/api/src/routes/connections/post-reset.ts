import { connectionStateSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { getConnectionState, resetConnection } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { noConnection } from './require-connection.ts';

/** Forgets where a connection stands; the next sync reads everything. */
export const postReset: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/connections/:id/reset',
    config: { scope: 'connections:write', problems: ['not_found', 'sync_in_progress'] },
    schema: {
      operationId: 'resetConnection',
      tags: ['connections'],
      summary: 'Forget checkpoint and watermark',
      description: 'The next sync is a full one. Synced rows stay.',
      params: idParams,
      querystring: noQuery,
      response: { 202: connectionStateSchema },
    },
    handler: async (request, reply) => {
      const connectionId = request.params.id;
      const outcome = await resetConnection(db, { tenantId: tenantOf(request), connectionId });
      if (outcome.kind === 'notFound') throw noConnection();
      if (outcome.kind === 'busy') {
        const { activeSyncId } = outcome;
        const detail = 'The connection has a live sync. Wait for its end, or cancel it.';
        throw new ProblemError('sync_in_progress', detail, { extra: { activeSyncId } });
      }
      request.log.info({ connectionId }, 'connection reset');
      return reply.code(202).send(await getConnectionState(db, connectionId));
    },
  });
};
