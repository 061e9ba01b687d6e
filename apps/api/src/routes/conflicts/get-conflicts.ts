import { conflictSchema, listConflictsQuerySchema, listOf } from '@tidemark/core/contracts';
import { listConflicts } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';

const LIST = 'conflicts';

export const getConflicts: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/conflicts',
    config: { scope: 'data:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listConflicts',
      tags: ['conflicts'],
      summary: 'List conflicts, newest first',
      description: 'Resolved ones are the history, with the edits that `source_wins` replaced.',
      querystring: listConflictsQuerySchema,
      response: { 200: listOf(conflictSchema) },
    },
    handler: async (request) => {
      const { limit, cursor, connectionId, status } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      const tenantId = tenantOf(request);
      return listBody(LIST, await listConflicts(db, { tenantId, limit, after, connectionId, status }));
    },
  });
};
