/** Why the embedded PostgreSQL could not do what was asked. */
export type EmbeddedPostgresErrorCode =
  | 'binaries_missing'
  | 'binaries_unusable'
  | 'no_server_user'
  | 'not_owner'
  | 'unsafe_directory'
  | 'version_mismatch'
  | 'password_missing'
  | 'password_wrong'
  | 'init_failed'
  | 'port_in_use'
  | 'start_failed'
  | 'start_timeout'
  | 'stop_failed'
  | 'lock_timeout';

/** An error of the embedded PostgreSQL whose message says what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The code of an error of Node or PostgreSQL. By its shape, not by `instanceof`: under Jest, Node's own errors
 * come from another realm.
 */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  return String(error.message);
}
