import { connectionSchema, type PatchConnection, patchConnectionSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type ConnectionChanges, type FoundConnection, sealSecret, updateConnection } from '@tidemark/db';
import { checkConnection, connectorNamed } from '../../connections/check-connection.ts';
import type { Endpoint, RouteDependencies } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireConnection } from './require-connection.ts';

/** Changes a connection. New credentials end `needs_reauth`. */
export const patchConnection: Endpoint = (app, dependencies) => {
  app.route({
    method: 'PATCH',
    url: '/v1/connections/:id',
    config: { scope: 'connections:write', problems: ['not_found', 'config_invalid', 'unknown_connector'] },
    schema: {
      operationId: 'updateConnection',
      tags: ['connections'],
      summary: 'Change a connection',
      description:
        '`config` and `credentials` replace what is stored as a whole; the account stays the same. New credentials ' +
        'set the status back to `active`.',
      params: idParams,
      querystring: noQuery,
      body: patchConnectionSchema,
      response: { 200: connectionSchema },
    },
    handler: async (request) => {
      const { db } = dependencies;
      const target = { tenantId: tenantOf(request), connectionId: request.params.id };
      const found = await requireConnection(db, target);
      await updateConnection(db, target, changesOf(dependencies, found, request.body));
      request.log.info({ connectionId: target.connectionId }, 'connection changed');
      return (await requireConnection(db, target)).connection;
    },
  });
};

function changesOf(
  { connectors, keyring }: RouteDependencies,
  { connection, accountId }: FoundConnection,
  body: PatchConnection,
): ConnectionChanges {
  const { config, credentials } = body;
  const { name, conflictPolicy, sweepMaxShare } = body;
  const changes: ConnectionChanges = { name, conflictPolicy, sweepMaxShare };
  if (config === undefined && credentials === undefined) return changes;
  const connector = connectorNamed(connectors, connection.connector);
  const checked = checkConnection(connector, { config, credentials, needsCredentials: false });
  if (checked !== null && checked.accountId !== accountId) {
    const message = 'This is the configuration of another account. Create a connection for it instead.';
    throw new ProblemError('config_invalid', message, { errors: [{ pointer: '/config', message }] });
  }
  return {
    ...changes,
    config: checked === null ? undefined : { value: config, pools: checked.pools },
    credentials: credentials === undefined ? undefined : sealSecret(keyring, connection.id, credentials),
  };
}
