import { deleteSubscriber } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery, nothing } from '../schemas.ts';
import { noSubscriber } from './require-subscriber.ts';

export const deleteOneSubscriber: Endpoint = (app, { db }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/subscribers/:id',
    config: { scope: 'admin', problems: ['not_found'] },
    schema: {
      operationId: 'deleteSubscriber',
      tags: ['subscribers'],
      summary: 'Delete a subscriber, with what is still owed to it',
      params: idParams,
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), subscriberId: request.params.id };
      if (!(await deleteSubscriber(db, target))) throw noSubscriber();
      request.log.info({ subscriberId: target.subscriberId }, 'subscriber deleted');
      return reply.code(204).send();
    },
  });
};
