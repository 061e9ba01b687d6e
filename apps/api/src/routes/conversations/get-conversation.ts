import { conversationSchema } from '@tidemark/core/contracts';
import { getConversation } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { etagOf, matchesNone } from '../../http/etag.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { foundConversation } from './require-conversation.ts';

/** A conversation. Its ETag is its version. */
export const getOneConversation: Endpoint = (app, { db, conversationCache: cache }) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:id',
    config: { scope: 'data:read', problems: ['not_found'] },
    schema: {
      operationId: 'getConversation',
      tags: ['conversations'],
      summary: 'Read a conversation',
      description: 'The `ETag` is the version. With a matching `If-None-Match` the answer is 304.',
      params: idParams,
      headers: z.looseObject({ 'if-none-match': z.string().optional() }),
      querystring: noQuery,
      response: {
        200: conversationSchema,
        304: z.undefined().meta({ description: 'The version is still the one you have.' }),
      },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), conversationId: request.params.id };
      const load = () => getConversation(db, target);
      const conversation = foundConversation(await (cache === undefined ? load() : cache.read(target, load)));
      reply.header('etag', etagOf(conversation.version));
      if (!matchesNone(request.headers['if-none-match'], conversation.version)) return reply.code(304).send();
      return reply.code(200).send(conversation);
    },
  });
};
