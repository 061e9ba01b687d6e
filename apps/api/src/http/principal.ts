import type { FastifyRequest } from 'fastify';
import type { Principal } from '../keys/authenticator.ts';

/** Whom the request speaks for, on a route that asks for a scope. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('A route that reads the principal must ask for a scope.');
  return request.principal;
}

export function tenantOf(request: FastifyRequest): string {
  return principalOf(request).tenantId;
}
