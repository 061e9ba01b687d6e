import { scheduleSchema } from '@tidemark/core/contracts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireSchedule } from './require-schedule.ts';

export const getScheduleOfConnection: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/connections/:id/schedule',
    config: { scope: 'connections:read', problems: ['not_found'] },
    schema: {
      operationId: 'getSchedule',
      tags: ['connections'],
      summary: 'Read the schedule of a connection',
      params: idParams,
      querystring: noQuery,
      response: { 200: scheduleSchema },
    },
    handler: (request) =>
      requireSchedule(db, { tenantId: tenantOf(request), connectionId: request.params.id }),
  });
};
