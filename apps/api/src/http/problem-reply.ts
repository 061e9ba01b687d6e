import type { Problem } from '@tidemark/core/contracts';
import { ERROR_CODES, type HttpErrorCode, type ProblemError } from '@tidemark/core/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const PROBLEM_TYPE = 'application/problem+json';

/** Seconds after which the same request may be right. */
const RETRY_AFTER: Readonly<Partial<Record<HttpErrorCode, number>>> = {
  service_unavailable: 2,
  idempotency_conflict: 1,
};

/** The problem document of RFC 9457. */
export function problemDocument(problem: ProblemError, requestId: string): Problem {
  return {
    ...problem.extra,
    type: `urn:tidemark:problem:${problem.code}`,
    title: ERROR_CODES[problem.code].title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    requestId,
    ...(problem.errors.length === 0 ? {} : { errors: problem.errors }),
  };
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError,
): FastifyReply {
  const retryAfter = RETRY_AFTER[problem.code];
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (problem.status === 401 && !reply.hasHeader('www-authenticate')) {
    reply.header('www-authenticate', 'Bearer realm="tidemark"');
  }
  // A string is sent as it is: the schemas of the route's answers are not about problems.
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemDocument(problem, request.id)));
}
