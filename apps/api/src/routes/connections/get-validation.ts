import { validationQuerySchema, validationSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { readValidation } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams } from '../schemas.ts';
import { requireConnection } from './require-connection.ts';

const DAY_MS = 86_400_000;
const DAYS_DEFAULT = 30;
/** Bounds the answer: it has entries for each day. */
const DAYS_MAX = 400;

export const getValidationOfConnection: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/connections/:id/validation',
    config: { scope: 'connections:read', problems: ['not_found'] },
    schema: {
      operationId: 'getValidation',
      tags: ['statistics'],
      summary: 'Read what the schemas saw',
      description:
        'How many responses and records passed, were read by a fallback, or were quarantined, by schema and day ' +
        '(UTC; the last 30 unless said otherwise). Counted in the transactions that stored them.',
      params: idParams,
      querystring: validationQuerySchema,
      response: { 200: validationSchema },
    },
    handler: async (request) => {
      const connectionId = request.params.id;
      await requireConnection(db, { tenantId: tenantOf(request), connectionId });
      return readValidation(db, { connectionId, ...windowOf(request.query) });
    },
  });
};

function windowOf(given: { since?: string | undefined; until?: string | undefined }): {
  since: string;
  until: string;
} {
  const until = given.until ?? dayOf(Date.now());
  const since = given.since ?? dayOf(Date.parse(until) - (DAYS_DEFAULT - 1) * DAY_MS);
  if (since > until) throw badWindow('must not be after until');
  if (Date.parse(until) - Date.parse(since) > DAYS_MAX * DAY_MS)
    throw badWindow(`must be at most ${DAYS_MAX} days before until`);
  return { since, until };
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function badWindow(message: string): ProblemError {
  return new ProblemError('invalid_query', `"since": ${message}`, {
    errors: [{ pointer: 'since', message }],
  });
}
