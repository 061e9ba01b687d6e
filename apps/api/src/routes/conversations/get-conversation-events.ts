import { interactionEventSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listInteractionEvents } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireConversation } from './require-conversation.ts';

const LIST = 'conversation-events';
const position = z.object({ at: z.iso.datetime(), id: z.uuid() });

export const getConversationEvents: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:id/events',
    config: { scope: 'data:read', problems: ['not_found', 'invalid_cursor'] },
    schema: {
      operationId: 'listConversationEvents',
      tags: ['conversations'],
      summary: 'List the events of a conversation, newest first',
      params: idParams,
      querystring: pageQuerySchema,
      response: { 200: listOf(interactionEventSchema) },
    },
    handler: async (request) => {
      const conversationId = request.params.id;
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, position, cursor);
      await requireConversation(db, { tenantId: tenantOf(request), conversationId });
      return listBody(LIST, await listInteractionEvents(db, { conversationId, limit, after }));
    },
  });
};
