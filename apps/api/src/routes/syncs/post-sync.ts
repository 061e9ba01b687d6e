import { startSyncSchema, syncSchema } from '@tidemark/core/contracts';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idempotencyHeaders, idParams, noQuery } from '../schemas.ts';
import { beginSync } from './begin-sync.ts';

/** Every field has a default, so the body may be left out. */
const optionalBody = z.preprocess((body) => body ?? {}, startSyncSchema);

/** Starts a sync: 202 means it is committed, and will run whatever happens to this process or the queue. */
export const postSync: Endpoint = (app, dependencies) => {
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
        'One sync per connection lives at a time; another start is answered 409 with `activeSyncId`. With `dryRun` ' +
        'it counts what it would write and writes none of it; see `GET /v1/syncs/:id/results` for samples.',
      params: idParams,
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: optionalBody,
      response: { 202: syncSchema },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), connectionId: request.params.id };
      const wish = { ...request.body, purpose: 'sync' as const };
      const sync = await beginSync(dependencies, target, wish, request.log);
      return reply.code(202).header('location', `/v1/syncs/${sync.id}`).send(sync);
    },
  });
};
