import { syncSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import {
  type Database,
  type RetryFailedPages,
  type RetrySyncOutcome,
  retryFailedPages,
  retrySync,
  type SyncRequest,
} from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { requireConnection } from '../connections/require-connection.ts';
import { idempotencyHeaders, idParams, noBody, noQuery } from '../schemas.ts';
import { enqueueFirstPage } from './enqueue-first-page.ts';
import { refused } from './illegal-transition.ts';
import { requireSync } from './require-sync.ts';
import { inProgress, needsReauth } from './start-refusals.ts';

/** Takes a stopped sync up again in a new one: 202 means the new one is committed, and will run. */
export const postRetry: Endpoint = (app, dependencies) => {
  const { db } = dependencies;
  app.route({
    method: 'POST',
    url: '/v1/syncs/:id/retry',
    config: {
      scope: 'syncs:write',
      idempotent: true,
      problems: [
        'not_found',
        'illegal_transition',
        'sync_in_progress',
        'checkpoint_overtaken',
        'connection_needs_reauth',
      ],
    },
    schema: {
      operationId: 'retrySync',
      tags: ['syncs'],
      summary: 'Retry a failed or cancelled sync from its checkpoint, or the failed pages of a partial one',
      description:
        'Starts a new sync (`trigger: "retry"`, `retryOf`). That of a failed or cancelled sync goes on where the ' +
        'other one stopped, without reading again what that one stored, as long as no other sync of the ' +
        'connection started since. That of a completed sync that is `partial` reads its failed pages only.',
      params: idParams,
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: noBody,
      response: { 202: syncSchema },
    },
    handler: async (request, reply) => {
      const tenantId = tenantOf(request);
      const retryOf = request.params.id;
      const outcome = await retry(db, { tenantId, syncId: retryOf, cause: 'api' });
      if (outcome.kind !== 'started') throw problemOf(outcome);
      const { syncId } = outcome;
      request.log.info({ syncId, retryOf }, 'sync retried');
      await enqueueFirstPage(dependencies, syncId, outcome.job, request.log);
      const sync = await requireSync(db, { tenantId, syncId });
      return reply.code(202).header('location', `/v1/syncs/${syncId}`).send(sync);
    },
  });
};

type Outcome = RetrySyncOutcome | RetryFailedPages;

async function retry(db: Database, request: SyncRequest): Promise<Outcome> {
  const { tenantId } = request;
  const { status, partial, connectionId, priority, ...sync } = await requireSync(db, request);
  // What a dry run or a verification left out is told by another one: there is nothing to be mended.
  const isMendable = status === 'completed' && partial && !sync.dryRun && sync.purpose === 'sync';
  if (!isMendable) return retrySync(db, request);
  const { connection } = await requireConnection(db, { tenantId, connectionId });
  if (connection.status === 'needs_reauth') return { kind: 'needsReauth' };
  return retryFailedPages(db, { syncId: request.syncId, connectionId, priority, cause: request.cause });
}

function problemOf(outcome: Exclude<Outcome, { kind: 'started' }>): ProblemError {
  switch (outcome.kind) {
    case 'notFound':
    case 'illegal':
      // What a retry starts begins as `queued`.
      return refused(outcome, 'queued');
    case 'nothing':
      // All of them were taken up before: what is still missing belongs to the retry that failed at it.
      return refused({ kind: 'illegal', from: 'completed' }, 'queued');
    case 'busy':
      return inProgress(outcome.activeSyncId);
    case 'needsReauth':
      return needsReauth();
    case 'connectionDeleted':
      return new ProblemError('not_found', 'The connection of this sync was deleted.');
    case 'overtaken':
      return new ProblemError(
        'checkpoint_overtaken',
        'Another sync of the connection started since, so there is no checkpoint left to go on from. Start a new ' +
          'sync with POST /v1/connections/:id/syncs, or retry the later one if it stopped as well.',
        { extra: { laterSyncId: outcome.laterSyncId } },
      );
  }
}
