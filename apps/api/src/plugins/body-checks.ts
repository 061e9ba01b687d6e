import type { FastifyRequest } from 'fastify';
import type { Api } from '../dependencies.ts';
import { assertStorable, assertStorableParameters } from '../http/storable.ts';

/** Before validation: JSON only, and nothing the database could not hold. */
export function installBodyChecks(app: Api): void {
  app.removeContentTypeParser('text/plain');
  app.addHook('preValidation', (request, _reply, done) => {
    done(problemOf(request));
  });
}

function problemOf({ body, query, params }: FastifyRequest): Error | undefined {
  try {
    // Bytes are judged by who reads them.
    if (!Buffer.isBuffer(body)) assertStorable(body);
    assertStorableParameters(query);
    assertStorableParameters(params);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
