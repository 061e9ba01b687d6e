import { startVerifySchema, syncSchema } from '@tidemark/core/contracts';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { beginSync } from '../syncs/begin-sync.ts';
import { idempotencyHeaders, idParams, noQuery } from '../schemas.ts';

/** Every field has a default, so the body may be left out. */
const optionalBody = z.preprocess((body) => body ?? {}, startVerifySchema);

/** Compares what is stored with the source. Without repair it is a dry run of a full sync, and writes as little. */
export const postVerify: Endpoint = (app, dependencies) => {
  app.route({
    method: 'POST',
    url: '/v1/connections/:id/verify',
    config: {
      scope: 'syncs:write',
      idempotent: true,
      problems: ['not_found', 'sync_in_progress', 'connection_needs_reauth', 'unknown_connector'],
    },
    schema: {
      operationId: 'verifyConnection',
      tags: ['connections'],
      summary: 'Compare what is stored with the source, and repair it on request',
      description:
        'Walks the whole source as a sync with `purpose: "verify"`. `GET /v1/syncs/:id/results` tells its findings ' +
        'by stream: missing, differing, extra. With `repair` what is missing or differs is written, and extra ' +
        'conversations are marked as deleted as by a full sync.',
      params: idParams,
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: optionalBody,
      response: { 202: syncSchema },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), connectionId: request.params.id };
      const dryRun = !request.body.repair;
      const wish = { mode: 'full', priority: 'normal', dryRun, purpose: 'verify' } as const;
      const sync = await beginSync(dependencies, target, wish, request.log);
      return reply.code(202).header('location', `/v1/syncs/${sync.id}`).send(sync);
    },
  });
};
