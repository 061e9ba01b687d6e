import type { Database } from '../database.ts';
import { haltSync } from './halt-sync.ts';
import { type Refusal, requestTransition, type SyncRequest } from './request-transition.ts';

/**
 * Ends a live sync. Once this returned `cancelled`, it writes nothing for the connection any more: a page under way
 * has lost its lease. The checkpoint stays where the last committed page left it, for a retry.
 *
 * Locks: see `requestTransition`. Outcomes: `cancelled`; `illegal`; `notFound`.
 */
export async function cancelSync(
  db: Database,
  request: SyncRequest,
): Promise<Refusal | { kind: 'cancelled' }> {
  const outcome = await requestTransition(db, request, 'cancelRequested', async (tx, sync, to) => {
    await haltSync(tx, sync, { to, cause: request.cause, jobCause: 'cancelled' });
    await tx`UPDATE syncs SET finished_at = clock_timestamp() WHERE id = ${sync.syncId}`;
  });
  return outcome.kind === 'moved' ? { kind: 'cancelled' } : outcome;
}
