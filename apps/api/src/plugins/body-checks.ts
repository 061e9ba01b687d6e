import type { Api } from '../dependencies.ts';
import { assertStorable, assertStorableParameters } from '../http/storable.ts';

/** Before validation: JSON only, and nothing the database could not hold. */
export function installBodyChecks(app: Api): void {
  app.removeContentTypeParser('text/plain');
  app.addHook('preValidation', async (request) => {
    // Bytes are judged by who reads them.
    if (!Buffer.isBuffer(request.body)) assertStorable(request.body);
    assertStorableParameters(request.query);
    assertStorableParameters(request.params);
  });
}
