import { listDeliveriesQuerySchema, listOf, webhookDeliverySchema } from '@tidemark/core/contracts';
import { listWebhookDeliveries } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { reachOf } from './reach.ts';

const LIST = 'webhook-deliveries';

export const getDeliveries: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/webhook-deliveries',
    config: { scope: 'data:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listWebhookDeliveries',
      tags: ['webhooks'],
      summary: 'List the inbox, newest first',
      description:
        'Dead letters with `status=dead`. Those that belong to no connection (not read yet, unknown accounts, other ' +
        'objects) are shown to keys with the scope `admin` only.',
      querystring: listDeliveriesQuerySchema,
      response: { 200: listOf(webhookDeliverySchema) },
    },
    handler: async (request) => {
      const { limit, cursor, status, source } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      return listBody(
        LIST,
        await listWebhookDeliveries(db, { ...reachOf(request), limit, after, status, source }),
      );
    },
  });
};
