import type { Sync } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, getSync } from '@tidemark/db';

/** A sync of the tenant. Throws `not_found`, for another tenant's as for one that never was. */
export async function requireSync(db: Database, target: { tenantId: string; syncId: string }): Promise<Sync> {
  const sync = await getSync(db, target);
  if (sync === null) throw new ProblemError('not_found', 'There is no sync with this id.');
  return sync;
}
