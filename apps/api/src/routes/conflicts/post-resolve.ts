import { conflictSchema, resolveConflictSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { listConflicts, type ResolveOutcome, resolveConflict } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';

/** Settles a conflict by a person's choice. */
export const postResolveConflict: Endpoint = (app, { db }) => {
  app.route({
    method: 'POST',
    url: '/v1/conflicts/:id/resolve',
    config: { scope: 'data:write', problems: ['not_found', 'conflict_resolved', 'validation_failed'] },
    schema: {
      operationId: 'resolveConflict',
      tags: ['conflicts'],
      summary: 'Resolve a conflict',
      description:
        '`source` gives the edit up, `local` keeps it until the source changes again, `merge` takes a side for each ' +
        'field in conflict. The sides count as they are now. For a third value, change the record and keep `local`.',
      params: idParams,
      querystring: noQuery,
      body: resolveConflictSchema,
      response: { 200: conflictSchema },
    },
    handler: async (request) => {
      const tenantId = tenantOf(request);
      const conflictId = request.params.id;
      const { body } = request;
      const sides = body.resolution === 'merge' ? body.fields : body.resolution;
      refuse(await resolveConflict(db, { tenantId, conflictId, sides }));
      request.log.info({ conflictId, resolution: body.resolution }, 'conflict resolved');
      const page = await listConflicts(db, { tenantId, id: conflictId, limit: 1, after: null });
      const [conflict] = page.rows;
      if (conflict === undefined) throw notFound();
      return conflict;
    },
  });
};

function refuse(outcome: ResolveOutcome): void {
  switch (outcome.kind) {
    case 'resolved':
      return;
    case 'notFound':
      throw notFound();
    case 'alreadyResolved':
      throw new ProblemError('conflict_resolved', `It was resolved before, as "${outcome.resolution}".`, {
        extra: { resolution: outcome.resolution },
      });
    case 'unmatched': {
      const errors = [
        ...outcome.missing.map((name) => ({ name, message: 'is in conflict: choose "source" or "local"' })),
        ...outcome.unknown.map((name) => ({ name, message: 'is not in conflict: leave it out' })),
      ].map(({ name, message }) => ({ pointer: `/fields/${name}`, message }));
      const [first] = errors;
      throw new ProblemError('validation_failed', `"${first?.pointer}": ${first?.message}`, { errors });
    }
  }
}

function notFound(): ProblemError {
  return new ProblemError('not_found', 'There is no conflict with this id.');
}
