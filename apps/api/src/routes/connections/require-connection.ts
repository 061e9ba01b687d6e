import { ProblemError } from '@tidemark/core/errors';
import { type Database, type FoundConnection, getConnection } from '@tidemark/db';

/** A connection of the tenant. Throws `not_found`, for another tenant's as for one that never was. */
export async function requireConnection(
  db: Database,
  target: { tenantId: string; connectionId: string },
): Promise<FoundConnection> {
  const found = await getConnection(db, target);
  if (found === null) throw noConnection();
  return found;
}

export function noConnection(): ProblemError {
  return new ProblemError('not_found', 'There is no connection with this id.');
}
