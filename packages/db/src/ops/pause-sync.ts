import type { Database } from '../database.ts';
import { haltSync } from './halt-sync.ts';
import { type Refusal, requestTransition, type SyncRequest } from './request-transition.ts';

/**
 * Pauses a live sync at its checkpoint. Once this returned `paused`, nothing is written for the connection any more
 * until somebody resumes the sync: a page under way has lost its lease.
 *
 * Locks: see `requestTransition`. Outcomes: `paused`; `illegal`; `notFound`.
 */
export async function pauseSync(db: Database, request: SyncRequest): Promise<Refusal | { kind: 'paused' }> {
  const outcome = await requestTransition(db, request, 'pauseRequested', (tx, sync, to) =>
    haltSync(tx, sync, { to, cause: request.cause, jobCause: 'paused' }),
  );
  return outcome.kind === 'moved' ? { kind: 'paused' } : outcome;
}
