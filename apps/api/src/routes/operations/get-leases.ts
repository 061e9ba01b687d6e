import { leaseSchema, listOf, pageQuerySchema } from '@tidemark/core/contracts';
import { listLeases } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'leases';

export const getLeases: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/leases',
    config: { scope: 'admin', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listLeases',
      tags: ['operations'],
      summary: 'List leases by key',
      description:
        'One that is `expired` was not released: its holder was lost. One that is `stuck` needs a look.',
      querystring: pageQuerySchema,
      response: { 200: listOf(leaseSchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.string(), cursor);
      return listBody(LIST, await listLeases(db, { tenantId: tenantOf(request), limit, after }));
    },
  });
};
