import { listOf, streamResultSchema } from '@tidemark/core/contracts';
import { listResults } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { principalOf } from '../../http/principal.ts';
import { allows } from '../../keys/authenticator.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

export const getSyncResults: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id/results',
    config: { scope: 'syncs:read', problems: ['not_found'] },
    schema: {
      operationId: 'getSyncResults',
      tags: ['syncs'],
      summary: 'Read the counted results of a sync by stream',
      description:
        'All streams in one page: a connector has a handful of them. A dry run has samples, a verification its ' +
        'findings; what they say of the content of records needs the scope `data:read` as well.',
      params: idParams,
      querystring: noQuery,
      response: { 200: listOf(streamResultSchema) },
    },
    handler: async (request) => {
      const syncId = request.params.id;
      const principal = principalOf(request);
      const { tenantId } = principal;
      await requireSync(db, { tenantId, syncId });
      const withContents = allows(principal, 'data:read');
      return { data: await listResults(db, syncId, { withContents }), nextCursor: null };
    },
  });
};
