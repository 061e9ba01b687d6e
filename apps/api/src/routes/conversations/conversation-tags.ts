import {
  conversationTagSchema,
  conversationTagsSchema,
  putTagSchema,
  tagSchema,
} from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { listConversationTags, putTag, removeTag } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery, nothing } from '../schemas.ts';
import { requireConversation } from './require-conversation.ts';

const tagParams = z.strictObject({ id: z.uuid({ error: 'must be a UUID' }), tag: tagSchema });

export const getConversationTags: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:id/tags',
    config: { scope: 'data:read', problems: ['not_found'] },
    schema: {
      operationId: 'listConversationTags',
      tags: ['conversations'],
      summary: 'The tags of a conversation, by name',
      params: idParams,
      querystring: noQuery,
      response: { 200: conversationTagsSchema },
    },
    handler: async (request) => {
      const conversationId = request.params.id;
      await requireConversation(db, { tenantId: tenantOf(request), conversationId });
      return { data: await listConversationTags(db, conversationId) };
    },
  });
};

export const putConversationTag: Endpoint = (app, { db }) => {
  app.route({
    method: 'PUT',
    url: '/v1/conversations/:id/tags/:tag',
    config: { scope: 'data:write', problems: ['not_found'] },
    schema: {
      operationId: 'putConversationTag',
      tags: ['conversations'],
      summary: 'Set a tag',
      description: 'Putting it again changes whether it is automatic.',
      params: tagParams,
      querystring: noQuery,
      body: putTagSchema,
      response: { 200: conversationTagSchema },
    },
    handler: async (request) => {
      const { id: conversationId, tag } = request.params;
      const target = { tenantId: tenantOf(request), conversationId, tag };
      await putTag(db, { ...target, automatic: request.body.automatic });
      await requireConversation(db, target);
      const put = (await listConversationTags(db, conversationId)).find((held) => held.tag === tag);
      // Somebody removed it since.
      if (put === undefined) throw noTag();
      request.log.info({ conversationId, tag }, 'tag set');
      return put;
    },
  });
};

export const deleteConversationTag: Endpoint = (app, { db }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/conversations/:id/tags/:tag',
    config: { scope: 'data:write', problems: ['not_found'] },
    schema: {
      operationId: 'deleteConversationTag',
      tags: ['conversations'],
      summary: 'Remove a tag',
      params: tagParams,
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const { id: conversationId, tag } = request.params;
      if (!(await removeTag(db, { tenantId: tenantOf(request), conversationId, tag }))) throw noTag();
      request.log.info({ conversationId, tag }, 'tag removed');
      return reply.code(204).send();
    },
  });
};

function noTag(): ProblemError {
  return new ProblemError('not_found', 'The conversation does not have this tag.');
}
