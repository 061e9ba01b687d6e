import { ProblemError } from '@tidemark/core/errors';
import { type Database, type FoundQuarantined, getQuarantined } from '@tidemark/db';

/** A quarantined record of the tenant. Throws `not_found`, for another tenant's as for one that never was. */
export async function requireQuarantined(
  db: Database,
  target: { tenantId: string; quarantineId: string },
): Promise<FoundQuarantined> {
  const found = await getQuarantined(db, target);
  if (found === null) throw noSuchRecord();
  return found;
}

export function noSuchRecord(): ProblemError {
  return new ProblemError('not_found', 'There is no quarantined record with this id.');
}
