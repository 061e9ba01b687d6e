import { replayDeliveriesSchema, replayedDeliveriesSchema } from '@tidemark/core/contracts';
import { replayDeadWebhookDeliveries } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { noQuery } from '../schemas.ts';
import { reachOf } from './reach.ts';

/** Dead letters in one request. */
const BATCH = 1_000;

export const postReplayDeliveries: Endpoint = (app, { db, inbox }) => {
  app.route({
    method: 'POST',
    url: '/v1/webhook-deliveries/replay',
    config: { scope: 'operations:write' },
    schema: {
      operationId: 'replayWebhookDeliveries',
      tags: ['webhooks'],
      summary: 'Process all dead letters anew',
      description: `Takes the oldest ${BATCH}; \`more\` says whether to ask again.`,
      querystring: noQuery,
      body: replayDeliveriesSchema,
      response: { 202: replayedDeliveriesSchema },
    },
    handler: async (request, reply) => {
      const jobs = await replayDeadWebhookDeliveries(db, reachOf(request), BATCH);
      inbox.handOver(jobs);
      request.log.info({ deliveries: jobs.length }, 'dead letters replayed');
      return reply.code(202).send({ replayed: jobs.length, more: jobs.length === BATCH });
    },
  });
};
