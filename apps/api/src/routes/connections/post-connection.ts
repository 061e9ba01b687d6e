import { connectionSchema, createConnectionSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { createConnection, sealSecret } from '@tidemark/db';
import { checkConnection, connectorNamed } from '../../connections/check-connection.ts';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idempotencyHeaders, noQuery } from '../schemas.ts';
import { requireConnection } from './require-connection.ts';

/** Connects an account: 201, or 409 with the id of the connection that has it. */
export const postConnection: Endpoint = (app, { db, connectors, keyring }) => {
  app.route({
    method: 'POST',
    url: '/v1/connections',
    config: {
      scope: 'connections:write',
      idempotent: true,
      problems: ['connection_exists', 'unknown_connector', 'config_invalid'],
    },
    schema: {
      operationId: 'createConnection',
      tags: ['connections'],
      summary: 'Connect an account',
      description:
        'The configuration and credentials are checked against the connector. An account can be connected once; ' +
        'one that was deleted without its rows comes back under its old id.',
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: createConnectionSchema,
      response: { 201: connectionSchema },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const tenantId = tenantOf(request);
      const connector = connectorNamed(connectors, body.connector);
      const { config, credentials } = body;
      const checked = checkConnection(connector, { config, credentials, needsCredentials: true });
      if (checked === null) throw new Error('A configuration that was given was not checked.');
      const outcome = await createConnection(db, {
        tenantId,
        connector: connector.id,
        name: body.name,
        config,
        accountId: checked.accountId,
        conflictPolicy: body.conflictPolicy,
        sweepMaxShare: body.sweepMaxShare,
        pools: checked.pools,
        seal: (connectionId) =>
          credentials === undefined ? null : sealSecret(keyring, connectionId, credentials),
      });
      if (outcome.kind === 'exists') throw alreadyConnected(outcome.connectionId);
      const { connection } = await requireConnection(db, { tenantId, connectionId: outcome.connectionId });
      request.log.info({ connectionId: connection.id, connector: connector.id }, 'connection created');
      return reply.code(201).header('location', `/v1/connections/${connection.id}`).send(connection);
    },
  });
};

function alreadyConnected(connectionId: string | null): ProblemError {
  return connectionId === null
    ? new ProblemError('connection_exists', 'The account is connected elsewhere in this installation.')
    : new ProblemError(
        'connection_exists',
        'You have a connection to this account already. Change that one.',
        {
          extra: { connectionId },
        },
      );
}
