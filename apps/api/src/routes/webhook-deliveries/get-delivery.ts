import { webhookDeliveryDetailsSchema } from '@tidemark/core/contracts';
import { getWebhookDelivery } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { idParams, noQuery } from '../schemas.ts';
import { noSuchDelivery, reachOf } from './reach.ts';

export const getOneDelivery: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/webhook-deliveries/:id',
    config: { scope: 'data:read', problems: ['not_found'] },
    schema: {
      operationId: 'getWebhookDelivery',
      tags: ['webhooks'],
      summary: 'Look at a webhook delivery, with its body',
      params: idParams,
      querystring: noQuery,
      response: { 200: webhookDeliveryDetailsSchema },
    },
    handler: async (request) => {
      const found = await getWebhookDelivery(db, reachOf(request), request.params.id);
      if (found === null) throw noSuchDelivery();
      return { ...found.delivery, body: found.body?.toString('base64') ?? null };
    },
  });
};
