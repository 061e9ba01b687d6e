import type { ErrorCode } from '../errors/codes.ts';

/**
 * What kind of failure an attempt at a page met. Connectors map their source's errors to these kinds; what is
 * done about a kind is decided here, once for all connectors.
 */
export const FAILURE_KINDS = [
  'transient',
  'throttled',
  'tooMuchData',
  'staleCursor',
  'unauthorized',
  'forbidden',
  'blocked',
  'invalidRequest',
  'invalidResponse',
  'internal',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** A failure as a value. `message` is for people and holds no secret; nobody parses it. */
export interface Failure {
  kind: FailureKind;
  code: ErrorCode;
  message: string;
  /** What a person should do about it, where there is something to do. */
  action?: string;
  /** For `throttled`: the pool to pause, and for how long. Null: the source told no duration. */
  pause?: { pool: string; forMs: number | null };
}

/** Thrown by connectors and their transport; caught by the page pipeline, which reads `failure` only. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.message, options);
    this.failure = failure;
  }
}
