import type { FailedPage } from '@tidemark/core/contracts';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { syncFailedPages } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** The pages a sync set aside, in the order it came to them; `after` is the id of the last one seen. */
export async function listFailedPages(
  db: Database,
  query: { syncId: string; limit: number; after: string | null },
): Promise<ListPage<FailedPage, string>> {
  const rows = await db.orm
    .select()
    .from(syncFailedPages)
    .where(
      and(
        eq(syncFailedPages.syncId, query.syncId),
        query.after === null ? undefined : gt(syncFailedPages.id, query.after),
      ),
    )
    .orderBy(asc(syncFailedPages.id))
    .limit(query.limit + 1);
  const pages = rows.map((row) => ({
    id: row.id,
    stream: row.stream,
    seq: row.seq,
    what: row.what,
    status: row.status,
    takenBy: row.takenBy,
    attempts: row.attempts,
    error: { code: row.errorCode, message: row.errorMessage },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
  return pageOf(pages, query.limit, (page) => page.id);
}
