import { ProblemError } from '@tidemark/core/errors';
import type { DeliveryReach } from '@tidemark/db';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../../http/principal.ts';

/** Which deliveries the caller may see: those of the tenant's accounts; an administrator also those of nobody. */
export function reachOf(request: FastifyRequest): DeliveryReach {
  const { tenantId, scopes } = principalOf(request);
  return { tenantId, isAdmin: scopes.includes('admin') };
}

export function noSuchDelivery(): ProblemError {
  return new ProblemError('not_found', 'There is no webhook delivery with this id.');
}
