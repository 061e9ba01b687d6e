import type { RecordSample, StreamResult } from '@tidemark/core/contracts';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncResults, syncs } from '../schema/index.ts';
import { recordCountsOf } from './record-counts.ts';

/** What a sync counted, by stream. `withContents`: samples show what would change, and not only which records. */
export async function listResults(
  db: Database,
  syncId: string,
  { withContents }: { withContents: boolean },
): Promise<StreamResult[]> {
  const rows = await db.orm
    .select({ result: syncResults, dryRun: syncs.dryRun, purpose: syncs.purpose })
    .from(syncResults)
    .innerJoin(syncs, eq(syncs.id, syncResults.syncId))
    .where(eq(syncResults.syncId, syncId))
    .orderBy(asc(syncResults.stream));
  return rows.map(({ result, dryRun, purpose }) => {
    const isVerification = purpose === 'verify';
    const shown = Object.fromEntries(
      Object.entries(result.samples).map(([outcome, samples]) => [
        outcome,
        withContents ? samples : samples.map(withoutContents),
      ]),
    );
    return {
      stream: result.stream,
      records: recordCountsOf(result),
      samples: dryRun && !isVerification ? shown : null,
      findings: isVerification && isCompared(result) ? findingsOf(result, shown) : null,
    };
  });
}

function withoutContents(sample: RecordSample): RecordSample {
  return { ...sample, changes: null };
}

/** Where all went to quarantine, such as parts of records that are stored otherwise, there is nothing to compare. */
function isCompared({
  recordsRead,
  recordsQuarantined,
  recordsExtra,
}: typeof syncResults.$inferSelect): boolean {
  return recordsRead > recordsQuarantined || recordsExtra !== null;
}

/** What a sync would insert or update is what a verification finds missing or otherwise. */
function findingsOf(
  result: typeof syncResults.$inferSelect,
  { inserted = [], updated = [], extra = [] }: NonNullable<StreamResult['samples']>,
): StreamResult['findings'] {
  return {
    missing: { count: result.recordsInserted, records: inserted },
    differing: { count: result.recordsUpdated, records: updated },
    extra: result.recordsExtra === null ? null : { count: result.recordsExtra, records: extra },
  };
}
