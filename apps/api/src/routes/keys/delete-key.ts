import { ProblemError } from '@tidemark/core/errors';
import { revokeApiKey } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery, nothing } from '../schemas.ts';

/** Revokes a key: at once here, within seconds in other processes. */
export const deleteKey: Endpoint = (app, { db, authenticator }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/keys/:id',
    config: { scope: 'admin', problems: ['not_found'] },
    schema: {
      operationId: 'revokeApiKey',
      tags: ['keys'],
      summary: 'Revoke an API key',
      description: 'The key stays in the list, marked as revoked, and stops working within seconds.',
      params: idParams,
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const keyId = request.params.id;
      const isThere = await revokeApiKey(db, { tenantId: tenantOf(request), keyId });
      if (!isThere) throw new ProblemError('not_found', 'There is no API key with this id.');
      authenticator.forget(keyId);
      request.log.info({ revokedKeyId: keyId }, 'API key revoked');
      return reply.code(204).send();
    },
  });
};
