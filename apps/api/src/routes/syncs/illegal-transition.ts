import { ProblemError } from '@tidemark/core/errors';
import type { SyncStatus } from '@tidemark/core/sync';
import type { Refusal } from '@tidemark/db';

/** What can be done instead, by the status the sync is in. */
const REMEDIES: Readonly<Record<SyncStatus, string>> = {
  queued: 'It is live: it can be paused or cancelled.',
  running: 'It is live: it can be paused or cancelled.',
  paused: 'It is paused: it can be resumed or cancelled.',
  completed: 'It is over. Start a new one with POST /v1/connections/:id/syncs.',
  failed: 'It is over. Go on from where it stopped with POST /v1/syncs/:id/retry.',
  cancelled: 'It is over. Go on from where it stopped with POST /v1/syncs/:id/retry.',
};

/** Why a request to move a sync to the status `to` was refused. */
export function refused(refusal: Refusal, to: SyncStatus): ProblemError {
  if (refusal.kind === 'notFound') return new ProblemError('not_found', 'There is no sync with this id.');
  const { from } = refusal;
  return new ProblemError('illegal_transition', `The sync is ${from}. ${REMEDIES[from]}`, {
    extra: { from, to },
  });
}
