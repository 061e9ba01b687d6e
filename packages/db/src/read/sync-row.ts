import { SYNC_MODES, SYNC_PURPOSES, type Sweep, type Sync } from '@tidemark/core/contracts';
import { PRIORITIES, TRIGGERS } from '@tidemark/core/queue';
import { progressOf } from '@tidemark/core/sync';
import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncs } from '../schema/index.ts';
import { recordCountsOf } from './record-counts.ts';

/** The syncs with what is shown along with them, and the database's clock, by which their rate is told. */
export function selectSyncs(db: Database) {
  return db.orm
    .select({
      ...getTableColumns(syncs),
      connector: connections.connector,
      sweeps: sql<Sweep[]>`(
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'stream', w.stream, 'status', w.status, 'reason', w.doubt, 'wouldDelete', w.would_delete,
                 'of', w.stored_before, 'share', round(w.would_delete::numeric / nullif(w.stored_before, 0), 4),
                 'maxShare', CASE WHEN w.status = 'walking' THEN ${connections.sweepMaxShare} ELSE w.max_share END,
                 'deleted', w.deleted
               ) ORDER BY w.stream), '[]')
        FROM sync_sweeps w WHERE w.sync_id = ${syncs.id})`,
      nowMs: sql`extract(epoch FROM clock_timestamp()) * 1000`.mapWith(Number),
    })
    .from(syncs)
    .innerJoin(connections, eq(connections.id, syncs.connectionId))
    .$dynamic();
}

export type SyncRow = typeof syncs.$inferSelect & { connector: string; sweeps: Sweep[]; nowMs: number };

export function toSync(row: SyncRow): Sync {
  return {
    id: row.id,
    connectionId: row.connectionId,
    connector: row.connector,
    mode: oneOf(SYNC_MODES, row.mode),
    trigger: oneOf(TRIGGERS, row.trigger),
    dryRun: row.dryRun,
    purpose: oneOf(SYNC_PURPOSES, row.purpose),
    priority: oneOf(PRIORITIES, row.priority),
    status: row.status,
    partial: row.partial,
    progress: progressOf({
      pages: row.pageCount,
      apiCalls: row.apiCalls,
      records: recordCountsOf(row),
      total: row.recordsTotal,
      startedAtMs: row.startedAt?.getTime() ?? null,
      untilMs: row.finishedAt?.getTime() ?? row.nowMs,
    }),
    failedPages: row.failedPages,
    warnings: row.warnings,
    sweeps: row.sweeps,
    attempt: row.attempt,
    nextRetryAt: row.nextRunAt?.toISOString() ?? null,
    retryOf: row.retryOf,
    error: errorOf(row),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    heartbeatAt: row.heartbeatAt?.toISOString() ?? null,
  };
}

function errorOf(row: SyncRow): Sync['error'] {
  if (row.errorCode === null) return null;
  return {
    code: row.errorCode,
    message: row.errorMessage ?? '',
    retryable: row.errorRetryable ?? false,
    ...(row.errorAction === null ? {} : { action: row.errorAction }),
  };
}

function oneOf<const T extends string>(words: readonly T[], word: string): T {
  const known = words.find((candidate) => candidate === word);
  if (known === undefined) throw new Error(`The stored word "${word}" is none of ${words.join(', ')}.`);
  return known;
}
