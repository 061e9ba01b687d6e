import type { StreamResult } from '@tidemark/core/contracts';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncResults } from '../schema/index.ts';
import { recordCountsOf } from './record-counts.ts';

/** What a sync counted, by stream. */
export async function listResults(db: Database, syncId: string): Promise<StreamResult[]> {
  const rows = await db.orm
    .select()
    .from(syncResults)
    .where(eq(syncResults.syncId, syncId))
    .orderBy(asc(syncResults.stream));
  return rows.map((row) => ({
    stream: row.stream,
    records: recordCountsOf(row),
  }));
}
