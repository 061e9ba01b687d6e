import { ProblemError } from '@tidemark/core/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../dependencies.ts';
import { sendProblem } from '../http/problem-reply.ts';
import { toProblem } from '../http/to-problem.ts';

/** Every error leaves as `application/problem+json`, and what is our fault is in the log. */
export function installProblems(app: Api): void {
  const routes = collectRoutes(app);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const methods = routes.methodsAt(path);
    // A path of the right form may still be none, such as one with an overlong parameter.
    if (methods.length === 0 || methods.includes(request.method)) {
      return sendProblem(request, reply, new ProblemError('not_found', `There is nothing at ${path}.`));
    }
    const allow = methods.join(', ');
    reply.header('allow', allow);
    const detail = `${request.method} is not allowed at ${path}. Use ${allow}.`;
    return sendProblem(request, reply, new ProblemError('method_not_allowed', detail));
  });
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.code === 'internal_error') {
    request.log.error({ err: error }, 'the request failed');
  } else if (problem.status >= 500) {
    request.log.warn({ err: problem.cause ?? error }, problem.message);
  }
  return sendProblem(request, reply, problem);
}

/** Which methods exist at a path, for 405: Fastify tells a wrong method and an unknown path alike. */
function collectRoutes(app: Api): { methodsAt(path: string): string[] } {
  const known: { pattern: RegExp; method: string }[] = [];
  app.addHook('onRoute', (route) => {
    const source = route.url.split('/').map((segment) => {
      if (segment === '*') return '.*';
      return segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    });
    const pattern = new RegExp(`^${source.join('/')}$`);
    for (const method of [route.method].flat()) known.push({ pattern, method });
  });
  return {
    methodsAt: (path) => {
      const found = known.filter((route) => route.pattern.test(path)).map((route) => route.method);
      return [...new Set(found)];
    },
  };
}
