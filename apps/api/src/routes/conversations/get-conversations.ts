import { conversationSchema, listConversationsQuerySchema, listOf } from '@tidemark/core/contracts';
import { listConversations } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'conversations';
const position = z.object({ at: z.iso.datetime().nullable(), id: z.uuid() });

export const getConversations: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations',
    config: { scope: 'data:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listConversations',
      tags: ['conversations'],
      summary: 'List conversations, the newest message first',
      querystring: listConversationsQuerySchema,
      response: { 200: listOf(conversationSchema) },
    },
    handler: async (request) => {
      const { limit, cursor, ...filters } = request.query;
      const after = decodeCursor(LIST, position, cursor);
      const tenantId = tenantOf(request);
      const page = await listConversations(db, { ...filters, tenantId, limit, after });
      return listBody(LIST, page);
    },
  });
};
