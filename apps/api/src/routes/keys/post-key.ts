import { createApiKeySchema, createdApiKeySchema, SCOPES } from '@tidemark/core/contracts';
import { createApiKey, getApiKey } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { generateApiKey, hashApiKey } from '../../keys/api-key.ts';
import { idempotencyHeaders, noQuery } from '../schemas.ts';

/** Makes an API key of the caller's tenant. The key itself is in this answer and nowhere else. */
export const postKey: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/keys',
    config: { scope: 'admin', idempotent: true },
    schema: {
      operationId: 'createApiKey',
      tags: ['keys'],
      summary: 'Create an API key',
      description: 'The key is shown this once. Only its hash is stored.',
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: createApiKeySchema,
      response: { 201: createdApiKeySchema },
    },
    handler: async (request, reply) => {
      const tenantId = tenantOf(request);
      const key = generateApiKey();
      const scopes = SCOPES.filter((scope) => request.body.scopes.includes(scope));
      const keyId = await createApiKey(db, {
        tenantId,
        name: request.body.name,
        keyHash: hashApiKey(key),
        scopes,
      });
      const stored = await getApiKey(db, { tenantId, keyId });
      if (stored === null) throw new Error('A key that was just stored is not there.');
      request.log.info({ createdKeyId: keyId, scopes }, 'API key created');
      return reply.code(201).send({ ...stored, key });
    },
  });
};
