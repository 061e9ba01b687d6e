import { syncSchema } from '@tidemark/core/contracts';
import { cancelSync } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noBody, noQuery } from '../schemas.ts';
import { refused } from './illegal-transition.ts';
import { requireSync } from './require-sync.ts';

/** Cancels a sync: 200 means that it writes nothing any more. */
export const postCancel: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/syncs/:id/cancel',
    config: { scope: 'syncs:write', problems: ['not_found', 'illegal_transition'] },
    schema: {
      operationId: 'cancelSync',
      tags: ['syncs'],
      summary: 'Cancel a sync',
      description:
        'Stops the call in flight and ends the sync. After the answer it writes nothing; what it stored before ' +
        'stays. 409 tells the status it is in (`from`) and the one it cannot go to (`to`).',
      params: idParams,
      querystring: noQuery,
      body: noBody,
      response: { 200: syncSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), syncId: request.params.id };
      const outcome = await cancelSync(db, { ...target, cause: 'api' });
      if (outcome.kind !== 'cancelled') throw refused(outcome, 'cancelled');
      request.log.info({ syncId: target.syncId }, 'sync cancelled');
      return requireSync(db, target);
    },
  });
};
