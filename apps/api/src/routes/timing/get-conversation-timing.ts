import { timingQuerySchema, timingSchema } from '@tidemark/core/contracts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { requireConversation } from '../conversations/require-conversation.ts';
import { idParams } from '../schemas.ts';
import { readTimingOrRefuse } from './read-timing-or-refuse.ts';

export const getTimingOfConversation: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:id/timing',
    config: { scope: 'data:read', problems: ['not_found', 'invalid_query'] },
    schema: {
      operationId: 'getConversationTiming',
      tags: ['conversations'],
      summary: 'Read when a contact writes, by hour of the week',
      params: idParams,
      querystring: timingQuerySchema,
      response: { 200: timingSchema },
    },
    handler: async (request) => {
      const conversationId = request.params.id;
      const { connectionId } = await requireConversation(db, { tenantId: tenantOf(request), conversationId });
      return readTimingOrRefuse(db, { connectionId, conversationId, ...request.query });
    },
  });
};
