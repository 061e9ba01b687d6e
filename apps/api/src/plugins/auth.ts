import type { Scope } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import type { FastifyRequest } from 'fastify';
import type { Api } from '../dependencies.ts';
import { type Authenticator, allows, type Principal } from '../keys/authenticator.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/** Asks for a key with the route's scope. Routes under `/v1` cannot be added without one. */
export function installAuth(app: Api, authenticator: Authenticator): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1') && route.config?.scope === undefined) {
      throw new Error(`${String(route.method)} ${route.url} has no scope.`);
    }
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined) done();
    else demandScope(authenticator, request, scope).then(() => done(), done);
  });
}

async function demandScope(
  authenticator: Authenticator,
  request: FastifyRequest,
  scope: Scope,
): Promise<void> {
  request.principal = await authenticateHeader(authenticator, request.headers.authorization);
  if (!allows(request.principal, scope)) {
    const detail = `This request needs the scope "${scope}". Use a key that has it.`;
    throw new ProblemError('missing_scope', detail, { extra: { requiredScope: scope } });
  }
}

async function authenticateHeader(
  authenticator: Authenticator,
  header: string | undefined,
): Promise<Principal> {
  if (header === undefined) {
    throw new ProblemError('unauthorized', 'Send an API key: "Authorization: Bearer KEY".');
  }
  const key = BEARER.exec(header)?.[1];
  if (key === undefined) {
    throw new ProblemError('unauthorized', 'The Authorization header must have the form "Bearer KEY".');
  }
  const principal = await authenticator.authenticate(key);
  if (principal === null) {
    throw new ProblemError(
      'unauthorized',
      'The API key is unknown or was revoked. Ask an administrator for another.',
    );
  }
  return principal;
}
