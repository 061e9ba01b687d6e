import { ProblemError } from '@tidemark/core/errors';
import { isDatabaseUnavailable, isTransientConflict } from '@tidemark/db';
import { QueueUnavailableError } from '@tidemark/queue';

/** Any error as the problem it is answered with. What is not known to be the caller's is a bug of ours. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseUnavailable(error) || isTransientConflict(error)) {
    const detail = 'The database is not available at the moment. Try the same request again.';
    return new ProblemError('service_unavailable', detail, { cause: error });
  }
  if (error instanceof QueueUnavailableError) {
    const detail = 'The queue is not available at the moment. Try the same request again.';
    return new ProblemError('service_unavailable', detail, { cause: error });
  }
  return (
    frameworkProblem(error) ??
    new ProblemError(
      'internal_error',
      'The request could not be handled. The log has the reason under this requestId.',
      {
        cause: error,
      },
    )
  );
}

/** What Fastify itself refuses, by its codes. */
function frameworkProblem(error: unknown): ProblemError | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? error.code : undefined;
  const options = { cause: error };
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError(
        'unsupported_media_type',
        'Send the body as JSON, with the header "Content-Type: application/json".',
        options,
      );
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError('payload_too_large', 'The body may have at most 1 MiB. Send less.', options);
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new ProblemError('malformed_body', 'The body is empty. Send a JSON object.', options);
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ProblemError('malformed_body', 'The body is not valid JSON. Check its syntax.', options);
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ProblemError(
        'invalid_query',
        'The path is not a valid URL path. Check its percent-encoding.',
        options,
      );
    default:
      // A parser's SyntaxError carries no code of Fastify's.
      return error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400
        ? new ProblemError('malformed_body', 'The body is not valid JSON. Check its syntax.', options)
        : null;
  }
}
