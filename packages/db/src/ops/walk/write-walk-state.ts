import type postgres from 'postgres';
import type { OwedPage } from '../close-failed-page.ts';
import { isAside, type Walk } from './walk.ts';

export interface StatePage {
  syncId: string;
  connectionId: string;
  stream: string;
  walk: Walk;
  next: unknown;
  watermark: unknown;
  failedPageId: string | null;
}

/**
 * Moves the checkpoint of the page's stream, inside the page's transaction. The watermark of a retry is that of the walk
 * it mends, which waits in `pending_watermark`.
 */
export async function writeWalkState(
  tx: postgres.TransactionSql,
  page: StatePage,
  owed: OwedPage | null,
): Promise<void> {
  const checkpoint = owed === null ? page.next : owed.checkpoint;
  if (isAside(page.walk)) {
    await tx`
      UPDATE walk_state
         SET checkpoint = ${jsonOrNull(checkpoint)}::text::jsonb, done = ${checkpoint === null},
             updated_at = clock_timestamp()
       WHERE sync_id = ${page.syncId} AND stream = ${page.stream}`;
    return;
  }
  const failedPageId = owed?.id ?? (page.next === null ? null : page.failedPageId);
  await tx`
    UPDATE sync_state
       SET checkpoint = ${jsonOrNull(checkpoint)}::text::jsonb, done = ${checkpoint === null},
           failed_page_id = ${failedPageId},
           pending_watermark = CASE WHEN ${page.failedPageId === null}
                                    THEN ${jsonOrNull(page.watermark)}::text::jsonb ELSE pending_watermark END,
           updated_at = clock_timestamp()
     WHERE connection_id = ${page.connectionId} AND stream = ${page.stream} AND sync_id = ${page.syncId}`;
}

/** SQL NULL for nothing, not the JSON value null. */
function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
