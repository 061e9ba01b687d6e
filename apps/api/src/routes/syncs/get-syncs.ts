import { listOf, listSyncsQuerySchema, syncSchema } from '@tidemark/core/contracts';
import { listSyncs } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'syncs';

export const getSyncs: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs',
    config: { scope: 'syncs:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listSyncs',
      tags: ['syncs'],
      summary: 'List syncs, newest first',
      description: '`since` and `until` are about the time of creation; `until` itself is not included.',
      querystring: listSyncsQuerySchema,
      response: { 200: listOf(syncSchema) },
    },
    handler: async (request) => {
      const { limit, cursor, since, until, connectionId, status, connector } = request.query;
      const page = await listSyncs(db, {
        tenantId: tenantOf(request),
        limit,
        after: decodeCursor(LIST, z.uuid(), cursor),
        connectionId,
        status,
        connector,
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
      });
      return listBody(LIST, page);
    },
  });
};
