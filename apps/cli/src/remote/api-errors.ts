import { type Problem, problemSchema } from '@tidemark/core/contracts';
import { CommandError } from '../exit-codes.ts';

/** The API refused a request: what its problem document says, with a line for each invalid field. */
export class ApiProblemError extends CommandError {
  override readonly name = 'ApiProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    const more = (problem.errors ?? []).map(({ pointer, message }) => `  ${pointer}: ${message}`);
    if (typeof problem.activeSyncId === 'string') more.push(`  activeSyncId: ${problem.activeSyncId}`);
    super(problem.code, `${problem.title}: ${problem.detail} (${problem.code})`, { more });
    this.problem = problem;
  }
}

/** No API answered, or something answered that is none. */
export class UnreachableApiError extends CommandError {
  override readonly name = 'UnreachableApiError';

  constructor(url: string, reason: string, cause?: unknown) {
    super('api_unreachable', `No Tidemark API answers at ${url}: ${reason}`, { cause });
  }
}

/** The error of an answer that is not a success. */
export function errorOf(answer: { error?: unknown; response: Response }): CommandError {
  const problem = problemSchema.safeParse(answer.error);
  if (problem.success) return new ApiProblemError(problem.data);
  const { status, url } = answer.response;
  return new UnreachableApiError(new URL(url).origin, `the answer was ${status} without a problem document`);
}

/** What Node's fetch hides in the cause: `fetch failed` says nothing. */
export function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return 'the connection failed';
  switch (cause.code) {
    case 'ECONNREFUSED':
      return 'the connection was refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is unknown';
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'it took too long';
    default:
      return `the connection failed (${String(cause.code)})`;
  }
}
