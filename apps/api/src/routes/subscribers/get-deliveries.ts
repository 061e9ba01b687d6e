import { listOf, listOutgoingQuerySchema, outgoingDeliverySchema } from '@tidemark/core/contracts';
import { listOutgoingDeliveries } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireSubscriber } from './require-subscriber.ts';

const LIST = 'outgoing-deliveries';

/** What was sent to a subscriber, what is still owed, and what was given up. */
export const getDeliveriesOfSubscriber: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/subscribers/:id/deliveries',
    config: { scope: 'operations:read', problems: ['not_found', 'invalid_cursor'] },
    schema: {
      operationId: 'listSubscriberDeliveries',
      tags: ['subscribers'],
      summary: 'List the deliveries to a subscriber, newest first',
      params: idParams,
      querystring: listOutgoingQuerySchema,
      response: { 200: listOf(outgoingDeliverySchema) },
    },
    handler: async (request) => {
      const { limit, cursor, status } = request.query;
      const subscriberId = request.params.id;
      await requireSubscriber(db, { tenantId: tenantOf(request), subscriberId });
      const after = decodeCursor(LIST, z.string().regex(/^\d{1,18}$/), cursor);
      return listBody(LIST, await listOutgoingDeliveries(db, { subscriberId, status, limit, after }));
    },
  });
};
