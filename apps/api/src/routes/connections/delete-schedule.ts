import { deleteSchedule } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { mirrorSchedule } from '../../schedules/mirror-schedule.ts';
import { idParams, noQuery, nothing } from '../schemas.ts';
import { requireConnection } from './require-connection.ts';
import { noSchedule } from './require-schedule.ts';

export const deleteScheduleOfConnection: Endpoint = (app, { db, queues }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/connections/:id/schedule',
    config: { scope: 'connections:write', problems: ['not_found'] },
    schema: {
      operationId: 'deleteSchedule',
      tags: ['connections'],
      summary: 'Delete the schedule of a connection',
      description: 'A sync that the schedule started goes on.',
      params: idParams,
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const connectionId = request.params.id;
      const target = { tenantId: tenantOf(request), connectionId };
      if (!(await deleteSchedule(db, target))) {
        await requireConnection(db, target);
        throw noSchedule();
      }
      request.log.info({ connectionId }, 'schedule deleted');
      await mirrorSchedule({ queues }, connectionId, null, request.log);
      return reply.code(204).send();
    },
  });
};
