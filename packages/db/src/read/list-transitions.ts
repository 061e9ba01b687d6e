import type { Transition } from '@tidemark/core/contracts';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncTransitions } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** The history of a sync and its jobs, in the order it happened; `after` is the id of the last row seen. */
export async function listTransitions(
  db: Database,
  query: { syncId: string; limit: number; after: string | null },
): Promise<ListPage<Transition, string>> {
  const rows = await db.orm
    .select()
    .from(syncTransitions)
    .where(
      and(
        eq(syncTransitions.syncId, query.syncId),
        query.after === null ? undefined : gt(syncTransitions.id, BigInt(query.after)),
      ),
    )
    .orderBy(asc(syncTransitions.id))
    .limit(query.limit + 1);
  const transitions = rows.map((row) => ({
    id: String(row.id),
    from: row.fromStatus,
    to: row.toStatus,
    jobId: row.jobId,
    cause: row.cause,
    worker: row.worker,
    at: row.at.toISOString(),
  }));
  return pageOf(transitions, query.limit, (transition) => transition.id);
}
