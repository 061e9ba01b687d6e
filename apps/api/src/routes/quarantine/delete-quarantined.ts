import { ProblemError } from '@tidemark/core/errors';
import { discardQuarantined } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery, nothing } from '../schemas.ts';
import { noSuchRecord } from './require-quarantined.ts';

/** Gives a quarantined record up. */
export const deleteQuarantined: Endpoint = (app, { db }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/quarantine/:id',
    config: { scope: 'operations:write', problems: ['not_found', 'quarantine_closed'] },
    schema: {
      operationId: 'discardQuarantined',
      tags: ['quarantine'],
      summary: 'Discard a quarantined record',
      description: 'It is kept with the status `discarded`, and not opened again unless its content changes.',
      params: idParams,
      querystring: noQuery,
      response: { 204: nothing },
    },
    handler: async (request, reply) => {
      const quarantineId = request.params.id;
      const outcome = await discardQuarantined(db, { tenantId: tenantOf(request), quarantineId });
      if (outcome === 'notFound') throw noSuchRecord();
      if (outcome === 'replayed') {
        const detail = 'The record was replayed: it is stored, and stays so.';
        throw new ProblemError('quarantine_closed', detail, { extra: { closedAs: 'replayed' } });
      }
      request.log.info({ quarantineId }, 'quarantined record discarded');
      return reply.code(204).send();
    },
  });
};
