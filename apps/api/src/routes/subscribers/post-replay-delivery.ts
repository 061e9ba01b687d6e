import { ProblemError } from '@tidemark/core/errors';
import { replayDelivery } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { noBody, noQuery, nothing } from '../schemas.ts';

const params = z.strictObject({
  id: z.uuid({ error: 'must be a UUID' }),
  deliveryId: z.string().regex(/^\d{1,18}$/, { error: 'must be the id of a delivery' }),
});

export const postReplayDelivery: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/subscribers/:id/deliveries/:deliveryId/replay',
    config: { scope: 'operations:write', problems: ['not_found'] },
    schema: {
      operationId: 'replaySubscriberDelivery',
      tags: ['subscribers'],
      summary: 'Send a delivery again',
      description: 'With the same `webhook-id`, whatever became of it.',
      params,
      querystring: noQuery,
      body: noBody,
      response: { 202: nothing },
    },
    handler: async (request, reply) => {
      const { id: subscriberId, deliveryId } = request.params;
      const target = { tenantId: tenantOf(request), subscriberId, deliveryId };
      if (!(await replayDelivery(db, target))) {
        throw new ProblemError('not_found', 'There is no such delivery to this subscriber.');
      }
      return reply.code(202).send();
    },
  });
};
