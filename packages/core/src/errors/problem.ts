import { ERROR_CODES, type HttpErrorCode } from './codes.ts';

/** One invalid place in a request: an RFC 6901 pointer into the body, or the name of a query parameter. */
export interface FieldProblem {
  pointer: string;
  message: string;
}

/**
 * An error a request is answered with. The API turns it into `application/problem+json` (RFC 9457).
 *
 * `detail` says what was wrong with this request and what to do about it, and never holds a secret;
 * `extra` becomes further members of the problem document, such as `activeSyncId`.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: HttpErrorCode;
  readonly status: number;
  readonly errors: FieldProblem[];
  readonly extra: Record<string, unknown>;

  constructor(
    code: HttpErrorCode,
    detail: string,
    options: { errors?: FieldProblem[]; extra?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.status = ERROR_CODES[code].status;
    this.errors = options.errors ?? [];
    this.extra = options.extra ?? {};
  }
}
