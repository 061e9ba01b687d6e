import type { FailedPage, StoredSamples, Transition } from '@tidemark/core/contracts';
import type { SyncWarning } from '@tidemark/core/sync';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, codePointText, createdAt, id, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

export const syncStatus = pgEnum('sync_status', [
  'queued',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
]);

const count = () => integer().notNull().default(0);

const counts = () => ({
  recordsRead: count(),
  recordsInserted: count(),
  recordsUpdated: count(),
  recordsSkipped: count(),
  recordsStale: count(),
  recordsQuarantined: count(),
  recordsDeleted: count(),
});

const RECONCILES = sql`records_read = records_inserted + records_updated + records_skipped + records_stale + records_quarantined`;

export const syncs = pgTable(
  'syncs',
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    mode: text().notNull(),
    trigger: text().notNull(),
    /** Its writes of synced rows are rolled back once they were counted. */
    dryRun: boolean().notNull().default(false),
    /** `verify`: the walk looks for what is stored otherwise than the source says. */
    purpose: text().notNull().default('sync'),
    priority: text().notNull().default('normal'),
    status: syncStatus().notNull().default('queued'),
    /** Why the status is what it is, and which worker set it; the trigger copies both into sync_transitions. */
    statusCause: text().notNull(),
    statusWorker: text(),
    partial: boolean().notNull().default(false),
    /** Position: pages committed so far, and how often the work was handed to the queue anew. */
    seq: integer().notNull().default(0),
    pickup: integer().notNull().default(0),
    /** The attempt at the page at `seq` that is under way or comes next, from 1. */
    attempt: integer().notNull().default(1),
    /** Not before this time is the page at `seq` tried again; null: at once. */
    nextRunAt: at(),
    pageCount: count(),
    apiCalls: count(),
    ...counts(),
    recordsTotal: integer(),
    failedPages: count(),
    /** Pages set aside since the last one that was committed. */
    setAsideInARow: count(),
    retryOf: uuid(),
    /** What was asked of this sync alone; read by the connector's own schema. */
    options: jsonb().notNull().default({}),
    /** What is suspicious about the result; see packages/core/src/sync/suspicion.ts. */
    warnings: jsonb().$type<SyncWarning[]>().notNull().default([]),
    errorCode: text(),
    errorMessage: text(),
    errorAction: text(),
    errorRetryable: boolean(),
    createdAt: createdAt(),
    startedAt: at(),
    finishedAt: at(),
    heartbeatAt: at(),
  },
  (table) => [
    uniqueIndex('syncs_one_live_per_connection')
      .on(table.connectionId)
      .where(sql`status IN ('queued', 'running', 'paused')`),
    index('syncs_connection').on(table.connectionId, table.id),
    index('syncs_live').on(table.status).where(sql`status IN ('queued', 'running', 'paused')`),
    check('syncs_reconcile', RECONCILES),
    check('syncs_mode', sql`mode IN ('incremental', 'full')`),
    check('syncs_purpose', sql`purpose IN ('sync', 'verify')`),
  ],
);

/** Counted results of a sync by stream, added up in the transaction of each page. */
export const syncResults = pgTable(
  'sync_results',
  {
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    ...counts(),
    /** Stored and not at the source; null while nobody knows: only a verification that is complete does. */
    recordsExtra: integer(),
    /** A few records of each outcome, where the sync keeps them. */
    samples: jsonb().$type<StoredSamples>().notNull().default({}),
  },
  (table) => [
    primaryKey({ columns: [table.syncId, table.stream] }),
    check('sync_results_reconcile', RECONCILES),
  ],
);

/** The checkpoint belongs to a sync and moves with each page; the watermark moves only when a sync completes. */
export const syncState = pgTable(
  'sync_state',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    /** The sync the checkpoint belongs to. */
    syncId: uuid(),
    checkpoint: jsonb(),
    /** The stream was walked to its end by that sync. */
    done: boolean().notNull().default(false),
    /** What the watermark becomes when that sync completes. */
    pendingWatermark: jsonb(),
    /** For a sync that takes up failed pages: the one the checkpoint asks for. */
    failedPageId: uuid(),
    watermark: jsonb(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.stream] })],
);

/**
 * Where a walk stands that is none of the connection's own: that of a dry run or a verification. It moves as sync_state
 * does, and leaves that alone.
 */
export const walkState = pgTable(
  'walk_state',
  {
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    checkpoint: jsonb(),
    done: boolean().notNull().default(false),
    /** When the walk began, also when a retry took it over. */
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.syncId, table.stream] })],
);

/**
 * The versions of records as they would be after the pages of a dry run so far (docs/decisions/013-dry-runs.md); for a
 * verification also those that are as they were, since they tell what the walk has seen. Gone when the walk completed.
 */
export const walkVersions = pgTable(
  'walk_versions',
  {
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    key: text().array().notNull(),
    /** Null: nothing is held under this key, as of a record in quarantine. */
    asOf: at(),
    contentHash: codePointText(),
  },
  (table) => [primaryKey({ columns: [table.syncId, table.stream, table.key] })],
);

/** Pages that could not be had and were left out, each with the checkpoint that asks for it alone. */
export const syncFailedPages = pgTable(
  'sync_failed_pages',
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** The sync that left the page out. */
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    stream: text().notNull(),
    seq: integer().notNull(),
    what: text().notNull(),
    checkpoint: jsonb().notNull(),
    errorCode: text().notNull(),
    errorMessage: text().notNull(),
    attempts: integer().notNull(),
    /** `open`: nobody has it; `taken`: a retry is at it; `mended`; `failed_again`: see the retry's own failed pages. */
    status: text().$type<FailedPage['status']>().notNull().default('open'),
    takenBy: uuid(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('sync_failed_pages_sync').on(table.syncId, table.id),
    index('sync_failed_pages_taken').on(table.takenBy).where(sql`taken_by IS NOT NULL`),
    check('sync_failed_pages_status', sql`status IN ('open', 'taken', 'mended', 'failed_again')`),
  ],
);

/** Leases. The token comes from a sequence, so that it grows for ever, also over released rows. */
export const syncLocks = pgTable('sync_locks', {
  key: text().primaryKey(),
  owner: text().notNull(),
  fencingToken: bigint({ mode: 'bigint' }).notNull(),
  acquiredAt: at().notNull().defaultNow(),
  expiresAt: at().notNull(),
});

/** For syncs written by a trigger, so that no transition can be made without its row; for jobs, with the change. */
export const syncTransitions = pgTable(
  'sync_transitions',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    /** Null for a transition of the sync itself; else the job whose status it is. */
    jobId: text(),
    fromStatus: text().$type<Transition['to']>(),
    toStatus: text().$type<Transition['to']>().notNull(),
    cause: text().notNull(),
    worker: text(),
    at: createdAt(),
  },
  (table) => [
    index('sync_transitions_sync').on(table.syncId, table.id),
    index('sync_transitions_job').on(table.jobId, table.id).where(sql`job_id IS NOT NULL`),
  ],
);

/**
 * What server-sent events replay. Ids grow in commit order within a sync, because every writer holds the row
 * lock of the sync while it writes here.
 */
export const syncEvents = pgTable(
  'sync_events',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    syncId: uuid()
      .notNull()
      .references(() => syncs.id, { onDelete: 'cascade' }),
    type: text().notNull(),
    data: jsonb().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('sync_events_sync').on(table.syncId, table.id)],
);
