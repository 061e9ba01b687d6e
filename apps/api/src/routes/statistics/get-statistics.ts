import { statisticsQuerySchema, statisticsSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { readStatistics } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';

const DAY_MS = 86_400_000;
const DAYS_DEFAULT = 30;
/** Bounds the answer: it has an entry for each day. */
const DAYS_MAX = 400;

export const getStatistics: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/statistics',
    config: { scope: 'syncs:read' },
    schema: {
      operationId: 'getStatistics',
      tags: ['statistics'],
      summary: 'Read figures over the syncs of a window',
      description:
        'Counted from the stored syncs created in the window (the last 30 days unless said otherwise), in all, by ' +
        'day (UTC) and by connection.',
      querystring: statisticsQuerySchema,
      response: { 200: statisticsSchema },
    },
    handler: (request) => {
      const { connectionId, ...given } = request.query;
      return readStatistics(db, { tenantId: tenantOf(request), connectionId, ...windowOf(given) });
    },
  });
};

function windowOf(given: { since?: string | undefined; until?: string | undefined }): {
  since: string;
  until: string;
} {
  const until = given.until === undefined ? Date.now() : Date.parse(given.until);
  const since = given.since === undefined ? until - DAYS_DEFAULT * DAY_MS : Date.parse(given.since);
  if (since > until) throw badWindow('must not be after until');
  if (until - since > DAYS_MAX * DAY_MS) throw badWindow(`must be at most ${DAYS_MAX} days before until`);
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

function badWindow(message: string): ProblemError {
  return new ProblemError('invalid_query', `"since": ${message}`, {
    errors: [{ pointer: 'since', message }],
  });
}
