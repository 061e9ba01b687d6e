import type { Schedule } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, getSchedule } from '@tidemark/db';
import { requireConnection } from './require-connection.ts';

/** The schedule of the tenant's connection. Throws `not_found`, and says whether it is the connection that is missing. */
export async function requireSchedule(
  db: Database,
  target: { tenantId: string; connectionId: string },
): Promise<Schedule> {
  const schedule = await getSchedule(db, target);
  if (schedule !== null) return schedule;
  await requireConnection(db, target);
  throw noSchedule();
}

export function noSchedule(): ProblemError {
  return new ProblemError(
    'not_found',
    'The connection has no schedule. Make one with PUT /v1/connections/:id/schedule.',
  );
}
