import { noCrash } from '@tidemark/core/crash';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import { commitPage, type Database, listResults, startSync } from '@tidemark/db';
import type postgres from 'postgres';
import { claimed, pageCommit } from './fixtures.ts';

/** What one call of a source brought. */
export interface SourcePage {
  rows: ConversationRecord[];
  invalid?: InvalidRecord[];
}

export interface WalkWish {
  dryRun?: boolean;
  purpose?: 'sync' | 'verify';
  mode?: 'incremental' | 'full';
}

export async function beginWalk(db: Database, connectionId: string, wish: WalkWish = {}): Promise<string> {
  const { dryRun = false, purpose = 'sync', mode = 'full' } = wish;
  const request = { connectionId, mode, dryRun, purpose, streams: ['conversations'], cause: 'test' };
  const outcome = await startSync(db, { ...request, trigger: 'api', priority: 'normal' });
  if (outcome.kind !== 'started') throw new Error(`not started: ${outcome.kind}`);
  return outcome.syncId;
}

/** Commits these pages at the positions from `from` on; the last one completes the sync if `isWhole`. */
export async function walkPages(
  db: Database,
  sync: { syncId: string; connectionId: string },
  pages: readonly SourcePage[],
  { wish = {}, isWhole = true, from = 0 }: { wish?: WalkWish; isWhole?: boolean; from?: number } = {},
): Promise<void> {
  const walk = { dryRun: wish.dryRun ?? false, purpose: wish.purpose ?? 'sync' };
  for (const [index, { rows, invalid = [] }] of pages.entries()) {
    const seq = from + index;
    const fencingToken = await claimed(db, { ...sync, seq });
    const isLast = isWhole && index === pages.length - 1;
    const records = [{ kind: 'conversations' as const, rows }];
    const place = isLast ? { next: null, watermark: { v: 1 } } : { next: { v: 1, seq } };
    const page = pageCommit({ ...sync, seq, fencingToken, walk, records, invalid, ...place });
    const outcome = await commitPage(db, page, noCrash);
    if (outcome.kind !== 'committed') throw new Error(`page ${seq} is ${outcome.kind}`);
  }
}

/** A whole walk; returns its id. */
export async function walk(
  db: Database,
  connectionId: string,
  pages: readonly SourcePage[],
  wish: WalkWish = {},
): Promise<string> {
  const syncId = await beginWalk(db, connectionId, wish);
  await walkPages(db, { syncId, connectionId }, pages, { wish });
  return syncId;
}

/** The counts of a sync in all and by stream. */
export async function countsOf(db: Database, syncId: string): Promise<unknown> {
  const results = await listResults(db, syncId, { withContents: true });
  const [sum] = await db.sql`
    SELECT records_read, records_inserted, records_updated, records_skipped, records_stale, records_quarantined,
           records_deleted
    FROM syncs WHERE id = ${syncId}`;
  return { sum, streams: results.map(({ stream, records }) => ({ stream, records })) };
}

/** Everything a dry run must leave alone, each row with the version PostgreSQL keeps of it. */
export async function untouchables(sql: postgres.Sql | postgres.TransactionSql): Promise<readonly unknown[]> {
  return sql`
    SELECT 'conversation' AS what, xmin::text AS version, to_jsonb(t)::text AS row FROM messenger_conversations t
    UNION ALL SELECT 'event', xmin::text, to_jsonb(t)::text FROM contact_interaction_events t
    UNION ALL SELECT 'state', xmin::text, to_jsonb(t)::text FROM sync_state t
    UNION ALL SELECT 'quarantine', xmin::text, to_jsonb(t)::text FROM quarantine t
    UNION ALL SELECT 'sweep', xmin::text, to_jsonb(t)::text FROM sync_sweeps t WHERE NOT is_aside
    UNION ALL SELECT 'seen', t.xmin::text, to_jsonb(t)::text
      FROM sync_seen t JOIN sync_sweeps w ON w.id = t.sweep_id WHERE NOT w.is_aside
    UNION ALL SELECT 'conflict', xmin::text, to_jsonb(t)::text FROM sync_conflicts t
    UNION ALL SELECT 'connection', NULL, to_jsonb(t)::text FROM connections t
    ORDER BY 1, 3`;
}
