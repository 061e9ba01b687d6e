import { syncSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { approveSweep } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noBody, noQuery } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

/** Says yes to a sweep that the guard stopped: 200 means that the records are marked. */
export const postSweep: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/syncs/:id/sweep',
    config: { scope: 'syncs:write', problems: ['not_found', 'sweep_not_held'] },
    schema: {
      operationId: 'approveSweep',
      tags: ['syncs'],
      summary: 'Approve the deletions a full sync asked about',
      description:
        'A full sync that would mark more records as deleted than the connection allows keeps them and holds its ' +
        'sweep. This carries it out: records are marked as deleted, except those that were written or shown by the ' +
        'source since. 409 when nothing is held, or a later full sync or a reset took its place.',
      params: idParams,
      querystring: noQuery,
      body: noBody,
      response: { 200: syncSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), syncId: request.params.id };
      const outcome = await approveSweep(db, target);
      if (outcome.kind === 'notHeld') throw await notHeld(requireSync(db, target));
      if (outcome.kind === 'swept') {
        request.log.info({ syncId: target.syncId, deleted: outcome.deleted }, 'sweep approved');
      }
      return requireSync(db, target);
    },
  });
};

async function notHeld(found: ReturnType<typeof requireSync>): Promise<ProblemError> {
  const { sweeps, dryRun, purpose } = await found;
  if (dryRun || purpose === 'verify') {
    const message = 'Dry runs and verifications ask for nothing. A full sync does, and can be approved.';
    return new ProblemError('sweep_not_held', message);
  }
  const isSuperseded = sweeps.some(({ status }) => status === 'superseded');
  return new ProblemError(
    'sweep_not_held',
    isSuperseded
      ? 'A later full sync or a reset of the connection took its place. Look at the latest full sync.'
      : 'The sync has no sweep that waits for approval.',
  );
}
