import { syncSchema } from '@tidemark/core/contracts';
import { pauseSync } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noBody, noQuery } from '../schemas.ts';
import { refused } from './illegal-transition.ts';
import { requireSync } from './require-sync.ts';

/** Pauses a sync: 200 means that nothing is written for its connection any more until it is resumed. */
export const postPause: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/syncs/:id/pause',
    config: { scope: 'syncs:write', problems: ['not_found', 'illegal_transition'] },
    schema: {
      operationId: 'pauseSync',
      tags: ['syncs'],
      summary: 'Pause a sync',
      description:
        'Stops the call in flight and keeps the checkpoint. After the answer nothing is written until the sync is ' +
        'resumed. 409 tells the status it is in (`from`) and the one it cannot go to (`to`).',
      params: idParams,
      querystring: noQuery,
      body: noBody,
      response: { 200: syncSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), syncId: request.params.id };
      const outcome = await pauseSync(db, { ...target, cause: 'api' });
      if (outcome.kind !== 'paused') throw refused(outcome, 'paused');
      request.log.info({ syncId: target.syncId }, 'sync paused');
      return requireSync(db, target);
    },
  });
};
