import { ProblemError } from '@tidemark/core/errors';
import { deleteConnection } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { mirrorSchedule } from '../../schedules/mirror-schedule.ts';
import { idParams, nothing } from '../schemas.ts';

const purgeQuery = z.strictObject({
  purge: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .meta({ description: 'Also drop the rows that were synced, and the history.' }),
});

export const deleteOneConnection: Endpoint = (app, { db, queues }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/connections/:id',
    config: { scope: 'connections:write', problems: ['not_found', 'sync_in_progress'] },
    schema: {
      operationId: 'deleteConnection',
      tags: ['connections'],
      summary: 'Delete a connection',
      description:
        'Wipes the credentials and the schedule. What was synced stays, unless `purge=true`, which also works on a connection that ' +
        'was deleted without it before.',
      params: idParams,
      querystring: purgeQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const purge = request.query.purge === 'true';
      const connectionId = request.params.id;
      const outcome = await deleteConnection(db, { tenantId: tenantOf(request), connectionId, purge });
      switch (outcome.kind) {
        case 'notFound':
          throw new ProblemError('not_found', 'There is no connection with this id.');
        case 'busy':
          throw new ProblemError('sync_in_progress', 'The connection has a live sync. Cancel it first.', {
            extra: { activeSyncId: outcome.activeSyncId },
          });
        case 'deleted':
          request.log.info({ connectionId, purge }, 'connection deleted');
          await mirrorSchedule({ queues }, connectionId, null, request.log);
          return reply.code(204).send();
      }
    },
  });
};
