import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../dependencies.ts';

/** What a caller may choose as the id of a request: short and harmless in a log. */
const SANE_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The id of a request: the caller's where it is sane, so that one id runs through several systems. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

/**
 * One line for each answered request. Paths without their query, and no headers: nothing secret gets in. Requests that a
 * `quiet` route answered as asked are lines for debugging only.
 */
export function installRequestLog(app: Api): void {
  const isDebugged = ['debug', 'trace'].includes(app.log.level);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const isQuiet = request.routeOptions.config.quiet === true && reply.statusCode < 400;
    if (!isQuiet) request.log.info(fieldsOf(request, reply), 'request answered');
    else if (isDebugged) request.log.debug(fieldsOf(request, reply), 'request answered');
    done();
  });
}

function fieldsOf(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  return {
    method: request.method,
    path: request.url.split('?')[0],
    route: request.routeOptions.url,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 10) / 10,
    keyId: request.principal?.keyId,
    tenantId: request.principal?.tenantId,
    ...syncIdOf(request.routeOptions.url, request.params),
  };
}

function syncIdOf(route: string | undefined, params: unknown): { syncId?: unknown } {
  if (route?.startsWith('/v1/syncs/:id') !== true || params === null || typeof params !== 'object') return {};
  return 'id' in params ? { syncId: params.id } : {};
}
