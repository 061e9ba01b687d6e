import { limitPoolSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listLimitPools } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'limits';

export const getLimits: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/limits',
    config: { scope: 'operations:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listLimits',
      tags: ['operations'],
      summary: 'List rate limit pools by name',
      description: 'Those your connections spend from, with what the source last reported.',
      querystring: pageQuerySchema,
      response: { 200: listOf(limitPoolSchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.string(), cursor);
      return listBody(LIST, await listLimitPools(db, { tenantId: tenantOf(request), limit, after }));
    },
  });
};
