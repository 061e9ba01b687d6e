/**
 * Every error code the product can answer with, in one table. `docs/errors.md` lists the same codes for
 * users, and a test holds the two together.
 *
 * `status` is the HTTP status of the problem document (RFC 9457), or null for codes that only appear as the
 * `error.code` of a sync. `title` is the fixed summary of the problem type; what is special about one
 * occurrence goes into `detail`.
 */
export const ERROR_CODES = {
  malformed_body: { status: 400, title: 'The request body is not valid JSON' },
  invalid_query: { status: 400, title: 'A query parameter or path segment is invalid' },
  invalid_cursor: { status: 400, title: 'The cursor is not one this list handed out' },
  invalid_header: { status: 400, title: 'A request header is invalid' },
  unauthorized: { status: 401, title: 'A valid API key is required' },
  webhook_signature_invalid: { status: 401, title: 'The signature of the delivery is missing or wrong' },
  webhook_verification_failed: { status: 403, title: 'The verification of the webhook does not fit' },
  missing_scope: { status: 403, title: 'The API key lacks the scope for this request' },
  not_found: { status: 404, title: 'No such resource' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  sync_in_progress: { status: 409, title: 'The connection has a live sync' },
  illegal_transition: { status: 409, title: 'The sync cannot go to that status' },
  checkpoint_overtaken: { status: 409, title: 'A later sync of the connection took the checkpoint' },
  sweep_not_held: { status: 409, title: 'The sync has no sweep that waits for approval' },
  conflict_resolved: { status: 409, title: 'The conflict is already resolved' },
  quarantine_closed: { status: 409, title: 'The record was already replayed or discarded' },
  connection_exists: { status: 409, title: 'The account is already connected' },
  idempotency_conflict: {
    status: 409,
    title: 'A request with the same Idempotency-Key is still in progress',
  },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  precondition_failed: { status: 412, title: 'The resource is no longer at that version' },
  payload_too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'The request body must be application/json' },
  validation_failed: { status: 422, title: 'The request does not fit its schema' },
  unknown_connector: { status: 422, title: 'No such connector' },
  config_invalid: { status: 422, title: 'The configuration does not fit the connector' },
  connection_needs_reauth: { status: 409, title: 'The connection needs new credentials' },
  record_invalid: { status: 422, title: 'The record still does not fit' },
  replay_unsupported: { status: 422, title: 'Records of this kind cannot be replayed' },
  precondition_required: { status: 428, title: 'The version the change is based on is missing' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  service_unavailable: { status: 503, title: 'A service this request needs is not available' },
  feature_not_configured: { status: 503, title: 'The feature is not configured' },

  source_unauthorized: { status: null, title: 'The source refused the credentials' },
  source_forbidden: { status: null, title: 'The credentials lack a permission' },
  source_request_invalid: { status: null, title: 'The source refused the request as invalid' },
  source_response_invalid: { status: null, title: 'The source answered in a shape we do not know' },
  source_unavailable: { status: null, title: 'The source could not be reached or failed' },
  source_throttled: { status: null, title: 'The source is limiting our rate' },
  source_blocked: { status: null, title: 'The source blocked the account or app' },
  source_cursor_stale: { status: null, title: 'The source no longer accepts the cursor' },
  source_page_too_large: { status: null, title: 'The source cannot answer a page of this size' },
  checkpoint_unreadable: { status: null, title: 'The stored checkpoint cannot be read' },
  credentials_unreadable: { status: null, title: 'The stored credentials cannot be decrypted' },
  configuration_unreadable: { status: null, title: 'The stored configuration no longer fits the connector' },
} as const satisfies Record<string, { status: number | null; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Codes that have an HTTP status, that is: those a request can be answered with. */
export type HttpErrorCode = {
  [C in ErrorCode]: (typeof ERROR_CODES)[C]['status'] extends number ? C : never;
}[ErrorCode];
