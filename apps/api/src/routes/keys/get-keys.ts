import { apiKeySchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listApiKeys } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'keys';

export const getKeys: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/keys',
    config: { scope: 'admin', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listApiKeys',
      tags: ['keys'],
      summary: 'List API keys, newest first',
      querystring: pageQuerySchema,
      response: { 200: listOf(apiKeySchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      return listBody(LIST, await listApiKeys(db, { tenantId: tenantOf(request), limit, after }));
    },
  });
};
