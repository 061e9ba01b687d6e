import { ProblemError } from '@tidemark/core/errors';
import { breakLease } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { noQuery, nothing } from '../schemas.ts';

/** Takes a lease from its holder, who cannot write under it any more. */
export const deleteLease: Endpoint = (app, { db }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/leases/:key',
    config: { scope: 'admin', problems: ['not_found'] },
    schema: {
      operationId: 'breakLease',
      tags: ['operations'],
      summary: 'Break a lease',
      description: 'Its holder cannot write any more; the page it was at is read again.',
      params: z.strictObject({ key: z.string().min(1).max(300) }),
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const { key } = request.params;
      const isThere = await breakLease(db, { tenantId: tenantOf(request), key });
      if (!isThere) throw new ProblemError('not_found', 'There is no lease with this key.');
      request.log.info({ lease: key }, 'lease broken');
      return reply.code(204).send();
    },
  });
};
