import type postgres from 'postgres';

/** The failed page a retry is at. */
export interface OwedPage {
  id: string;
  checkpoint: unknown;
}

/**
 * Ends the work of a retry on one failed page, inside the caller's transaction, and returns the next page that retry
 * has taken up in the same stream; null when it has done all.
 */
export async function closeFailedPage(
  tx: postgres.TransactionSql,
  retry: { syncId: string; stream: string; failedPageId: string },
  outcome: 'mended' | 'failed_again',
): Promise<OwedPage | null> {
  await tx`
    UPDATE sync_failed_pages SET status = ${outcome}, updated_at = clock_timestamp() WHERE id = ${retry.failedPageId}`;
  const [next] = await tx<OwedPage[]>`
    SELECT id, checkpoint FROM sync_failed_pages
    WHERE taken_by = ${retry.syncId} AND stream = ${retry.stream} AND status = 'taken'
    ORDER BY id LIMIT 1`;
  return next ?? null;
}
