import type { ValidationStatistics } from '@tidemark/core/contracts';
import { mergeReadings } from '@tidemark/core/validation';
import { and, asc, eq, gte, lte } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { validationCounts } from '../schema/index.ts';

/** What the schemas of a connection saw from one day (UTC) to another, both included: in all, and by day. */
export async function readValidation(
  db: Database,
  window: { connectionId: string; since: string; until: string },
): Promise<ValidationStatistics> {
  const { connectionId, since, until } = window;
  const { day, kind, schema, passed, repaired, quarantined, fallbacks } = validationCounts;
  const rows = await db.orm
    .select({ day, kind, schema, passed, repaired, quarantined, fallbacks })
    .from(validationCounts)
    .where(and(eq(validationCounts.connectionId, connectionId), gte(day, since), lte(day, until)))
    .orderBy(asc(day), asc(kind), asc(schema));
  const byDay = [...Map.groupBy(rows, (row) => row.day)].flatMap(([ofDay, slots]) =>
    mergeReadings(slots.map(({ day: _, ...reading }) => reading)).map((reading) => ({
      day: ofDay,
      ...reading,
    })),
  );
  const schemas = mergeReadings(byDay.map(({ day: _, ...reading }) => reading));
  return { connectionId, since, until, schemas, byDay };
}
