import { webhookDeliverySchema } from '@tidemark/core/contracts';
import { getWebhookDelivery, replayWebhookDelivery } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { idParams, noBody, noQuery } from '../schemas.ts';
import { noSuchDelivery, reachOf } from './reach.ts';

/** Has a delivery processed anew from its body. Safe to repeat: what is stored already is left alone. */
export const postReplayWebhookDelivery: Endpoint = (app, { db, inbox }) => {
  app.route({
    method: 'POST',
    url: '/v1/webhook-deliveries/:id/replay',
    config: { scope: 'operations:write', problems: ['not_found'] },
    schema: {
      operationId: 'replayWebhookDelivery',
      tags: ['webhooks'],
      summary: 'Process a webhook delivery anew',
      description: 'For dead letters, and for any other one too: what is stored already is left as it is.',
      params: idParams,
      querystring: noQuery,
      body: noBody,
      response: { 202: webhookDeliverySchema },
    },
    handler: async (request, reply) => {
      const reach = reachOf(request);
      const deliveryId = request.params.id;
      // Read before: a delivery that is to be processed may be processed by the time we look.
      const found = await getWebhookDelivery(db, reach, deliveryId);
      const job = await replayWebhookDelivery(db, reach, deliveryId);
      if (found === null || job === null) throw noSuchDelivery();
      inbox.handOver([job]);
      request.log.info({ deliveryId }, 'webhook delivery replayed');
      const status = 'received' as const;
      return reply.code(202).send({
        ...found.delivery,
        status,
        attempts: 0,
        error: null,
        waitingAccounts: null,
        processedAt: null,
      });
    },
  });
};
