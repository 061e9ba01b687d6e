import { ProblemError } from '@tidemark/core/errors';

/** The connection's credentials are known to be dead. */
export function needsReauth(): ProblemError {
  return new ProblemError(
    'connection_needs_reauth',
    'The source refused the credentials of this connection. Give it new ones with PATCH /v1/connections/:id.',
  );
}

/** One sync of a connection lives at a time. */
export function inProgress(activeSyncId: string | null): ProblemError {
  return new ProblemError(
    'sync_in_progress',
    'The connection has a live sync. Wait for its end, or cancel it with POST /v1/syncs/:id/cancel.',
    { extra: { activeSyncId } },
  );
}
