import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { ProblemError } from '@tidemark/core/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, RouteDependencies } from '../dependencies.ts';
import { sendProblem } from '../http/problem-reply.ts';
import { type Authenticator, allows } from '../keys/authenticator.ts';
import { answerError } from './problems.ts';

const PREFIX = '/admin/queues';

/** The board brings its own scripts and styles and asks nobody else for anything. */
const CSP = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Bull Board, for looking into jobs. It has no authentication of its own: the admin key is asked for here, as a
 * bearer token or, for browsers, as the password of HTTP Basic. It is read-only, so that a foreign page cannot
 * make a browser that has the password retry or delete jobs; and the queue only wakes, it decides nothing.
 */
export function installBullBoard(
  app: Api,
  dependencies: Pick<RouteDependencies, 'queues' | 'authenticator'>,
): void {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(PREFIX);
  createBullBoard({
    queues: dependencies.queues
      .boardQueues()
      .map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Tidemark queues' } },
  });
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('content-security-policy', CSP);
      await demandAdmin(dependencies.authenticator, request, reply);
    });
    await scope.register(serverAdapter.registerPlugin(), { prefix: PREFIX });
  });
}

/** Answers by itself: the board's plugin has an error handler of its own that would take these for bugs. */
async function demandAdmin(
  authenticator: Authenticator,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  try {
    const key = keyOf(request.headers.authorization);
    const principal = key === null ? null : await authenticator.authenticate(key);
    if (principal !== null && allows(principal, 'admin')) {
      request.principal = principal;
      return undefined;
    }
    if (principal !== null) {
      throw new ProblemError('missing_scope', 'The queues are shown to keys of the scope "admin" only.');
    }
    reply.header('www-authenticate', 'Basic realm="tidemark", Bearer realm="tidemark"');
    const detail = 'Give the admin key as bearer token, or as password with any user name.';
    return sendProblem(request, reply, new ProblemError('unauthorized', detail));
  } catch (error) {
    return answerError(error, request, reply);
  }
}

function keyOf(header: string | undefined): string | null {
  const [scheme, value] = (header ?? '').split(/ +/, 2);
  if (scheme === undefined || value === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : pair.slice(colon + 1);
}
