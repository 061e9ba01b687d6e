import { startSyncSchema, syncSchema } from '@tidemark/core/contracts';
import { startSync } from '@tidemark/db';
import { z } from 'zod';
import { checkOptions, connectorNamed } from '../../connections/check-connection.ts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { requireConnection } from '../connections/require-connection.ts';
import { idempotencyHeaders, idParams, noQuery } from '../schemas.ts';
import { enqueueFirstPage } from './enqueue-first-page.ts';
import { requireSync } from './require-sync.ts';
import { inProgress, needsReauth } from './start-refusals.ts';

/** Every field has a default, so the body may be left out. */
const optionalBody = z.preprocess((body) => body ?? {}, startSyncSchema);

/** Starts a sync: 202 means it is committed, and will run whatever happens to this process or the queue. */
export const postSync: Endpoint = (app, dependencies) => {
  const { db, connectors } = dependencies;
  app.route({
    method: 'POST',
    url: '/v1/connections/:id/syncs',
    config: {
      scope: 'syncs:write',
      idempotent: true,
      problems: [
        'not_found',
        'sync_in_progress',
        'connection_needs_reauth',
        'unknown_connector',
        'validation_failed',
      ],
    },
    schema: {
      operationId: 'startSync',
      tags: ['syncs'],
      summary: 'Start a sync',
      description:
        'One sync per connection lives at a time; another start is answered 409 with `activeSyncId`.',
      params: idParams,
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: optionalBody,
      response: { 202: syncSchema },
    },
    handler: async (request, reply) => {
      const tenantId = tenantOf(request);
      const connectionId = request.params.id;
      const { connection } = await requireConnection(db, { tenantId, connectionId });
      if (connection.status === 'needs_reauth') throw needsReauth();
      const connector = connectorNamed(connectors, connection.connector);
      const { mode, priority } = request.body;
      const streams = connector.streams.map((stream) => stream.name);
      const outcome = await startSync(db, {
        connectionId,
        mode,
        trigger: 'api',
        priority,
        streams,
        options: checkOptions(connector, request.body.options),
        cause: 'api',
      });
      if (outcome.kind === 'busy') throw inProgress(outcome.activeSyncId);
      if (outcome.kind === 'unusable') {
        // It changed since it was looked up: gone, or its credentials were refused meanwhile.
        await requireConnection(db, { tenantId, connectionId });
        throw needsReauth();
      }

      const { syncId } = outcome;
      request.log.info({ syncId, connectionId }, 'sync started');
      await enqueueFirstPage(dependencies, syncId, outcome.job, request.log);
      const sync = await requireSync(db, { tenantId, syncId });
      return reply.code(202).header('location', `/v1/syncs/${syncId}`).send(sync);
    },
  });
};
