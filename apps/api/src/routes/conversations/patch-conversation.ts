import { conversationSchema, patchConversationSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { editConversation } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { etagOf, versionsToMatch } from '../../http/etag.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireConversation } from './require-conversation.ts';

/** Changes fields of a conversation at the version it was read at. */
export const patchConversation: Endpoint = (app, { db, conversationCache: cache }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/conversations/:id',
    config: {
      scope: 'data:write',
      problems: ['not_found', 'precondition_failed', 'precondition_required'],
    },
    schema: {
      operationId: 'updateConversation',
      tags: ['conversations'],
      summary: 'Change a conversation',
      description:
        '`If-Match` must be the ETag you read; 412 with `currentVersion` when it is no longer that. What the source ' +
        "changes later meets the connection's conflict policy. Null takes an edit back.",
      params: idParams,
      headers: z.looseObject({ 'if-match': z.string().optional() }),
      querystring: noQuery,
      body: patchConversationSchema,
      response: { 200: conversationSchema },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), conversationId: request.params.id };
      const versions = versionsToMatch(request.headers['if-match']);
      const outcome = await editConversation(db, { ...target, versions, changes: request.body });
      if (outcome.kind === 'stale') throw staleProblem(outcome.currentVersion);
      const conversation = await requireConversation(db, target);
      // Before the answer: who changed it must not read what it was.
      await cache?.changed(conversation.id, conversation.version);
      request.log.info({ ...target, version: conversation.version }, 'conversation edited');
      return reply.header('etag', etagOf(conversation.version)).code(200).send(conversation);
    },
  });
};

function staleProblem(currentVersion: number): ProblemError {
  const detail = `The conversation is at version ${currentVersion} now. Read it again, and base the change on that.`;
  return new ProblemError('precondition_failed', detail, { extra: { currentVersion } });
}
