import { listOf, listQuarantineQuerySchema, quarantinedRecordSchema } from '@tidemark/core/contracts';
import { listQuarantine } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'quarantine';

export const getQuarantine: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/quarantine',
    config: { scope: 'data:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listQuarantine',
      tags: ['quarantine'],
      summary: 'List records that failed validation, newest first',
      querystring: listQuarantineQuerySchema,
      response: { 200: listOf(quarantinedRecordSchema) },
    },
    handler: async (request) => {
      const { limit, cursor, connectionId, stream, status } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      const tenantId = tenantOf(request);
      return listBody(
        LIST,
        await listQuarantine(db, { tenantId, limit, after, connectionId, stream, status }),
      );
    },
  });
};
