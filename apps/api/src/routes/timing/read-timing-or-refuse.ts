import type { Timing } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, readTiming } from '@tidemark/db';

/** Throws `invalid_query` for a time zone that is in the IANA database but not in PostgreSQL's. */
export async function readTimingOrRefuse(
  db: Database,
  target: { connectionId: string; conversationId: string | null; timezone: string },
): Promise<Timing> {
  const timing = await readTiming(db, target);
  if (timing !== null) return timing;
  const message = 'is not known to the database. Give another name of the same time zone.';
  throw new ProblemError('invalid_query', `"timezone": ${message}`, {
    errors: [{ pointer: 'timezone', message }],
  });
}
