import { SYNC_MODES, SYNC_PURPOSES, type Sync } from '@tidemark/core/contracts';
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
      nowMs: sql`extract(epoch FROM clock_timestamp()) * 1000`.mapWith(Number),
    })
    .from(syncs)
    .innerJoin(connections, eq(connections.id, syncs.connectionId))
    .$dynamic();
}

export type SyncRow = typeof syncs.$inferSelect & { connector: string; nowMs: number };

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
