import { syncSchema } from '@tidemark/core/contracts';
import { resumeSync } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noBody, noQuery } from '../schemas.ts';
import { enqueueFirstPage } from './enqueue-first-page.ts';
import { refused } from './illegal-transition.ts';
import { requireSync } from './require-sync.ts';

/** Resumes a sync: 200 means it is committed, and will go on whatever happens to this process or the queue. */
export const postResume: Endpoint = (app, dependencies) => {
  const { db } = dependencies;
  app.route({
    method: 'POST',
    url: '/v1/syncs/:id/resume',
    config: { scope: 'syncs:write', problems: ['not_found', 'illegal_transition'] },
    schema: {
      operationId: 'resumeSync',
      tags: ['syncs'],
      summary: 'Resume a paused sync',
      description:
        'Goes on from the checkpoint, on any worker, without waiting for the one that was at it before. 409 tells ' +
        'the status it is in (`from`) and the one it cannot go to (`to`).',
      params: idParams,
      querystring: noQuery,
      body: noBody,
      response: { 200: syncSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), syncId: request.params.id };
      const outcome = await resumeSync(db, { ...target, cause: 'api' });
      if (outcome.kind !== 'resumed') throw refused(outcome, 'running');
      request.log.info({ syncId: target.syncId }, 'sync resumed');
      await enqueueFirstPage(dependencies, target.syncId, outcome.job, request.log);
      return requireSync(db, target);
    },
  });
};
