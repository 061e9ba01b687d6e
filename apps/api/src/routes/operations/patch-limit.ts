import { limitPoolSchema, patchLimitPoolSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { listLimitPools, updateLimitPool } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { noQuery } from '../schemas.ts';

/** Changes a pool's settings, or pauses it; workers follow. */
export const patchLimit: Endpoint = (app, { db }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/limits/:pool',
    config: { scope: 'operations:write', problems: ['not_found'] },
    schema: {
      operationId: 'updateLimit',
      tags: ['operations'],
      summary: 'Change or pause a rate limit pool',
      params: z.strictObject({ pool: z.string().min(1).max(300) }),
      querystring: noQuery,
      body: patchLimitPoolSchema,
      response: { 200: limitPoolSchema },
    },
    handler: async (request) => {
      const { pool } = request.params;
      const tenantId = tenantOf(request);
      const isThere = await updateLimitPool(db, { tenantId, pool }, request.body);
      const page = isThere ? await listLimitPools(db, { tenantId, pool, limit: 1, after: null }) : null;
      const changed = page?.rows[0];
      if (changed === undefined)
        throw new ProblemError('not_found', 'None of your connections spends from this pool.');
      request.log.info({ pool, ...request.body }, 'rate limit pool changed');
      return changed;
    },
  });
};
