import type { Priority, Trigger } from '@tidemark/core/queue';
import type { Database } from '../database.ts';
import { type PoolState, poolStates } from '../read/pool-states.ts';
import type { Walk } from './walk/walk.ts';

/** Everything a worker needs to know before it reads a page. */
export interface PageWork {
  syncId: string;
  connectionId: string;
  connector: string;
  config: unknown;
  /** Sealed; opened at the call. */
  credentials: string | null;
  mode: 'incremental' | 'full';
  walk: Walk;
  trigger: Trigger;
  priority: Priority;
  attempt: number;
  /** What was asked of this sync alone; read by the connector's own schema. */
  options: unknown;
  /** The streams of the sync as they stand; those that are done were walked to their end. */
  streams: {
    stream: string;
    checkpoint: unknown;
    watermark: unknown;
    done: boolean;
    failedPageId: string | null;
  }[];
  setAsideInARow: number;
  pools: PoolState[];
}

export type LoadedPage =
  | { kind: 'work'; work: PageWork }
  /** Not before that many milliseconds from now. */
  | { kind: 'early'; waitMs: number }
  /** The job is out of date: the sync is elsewhere, was taken up anew, or its status does not allow work. */
  | { kind: 'superseded'; reason: 'position' | 'status' };

/** The queue keeps time by another clock; a job that comes this much too soon is not sent back for it. */
const EARLY_TOLERANCE_MS = 100;

interface Row {
  connection_id: string;
  connector: string;
  config: unknown;
  credentials: string | null;
  mode: 'incremental' | 'full';
  walk: Walk;
  trigger: Trigger;
  priority: Priority;
  attempt: number;
  options: unknown;
  set_aside_in_a_row: number;
  at_position: boolean;
  may_run: boolean;
  wait_ms: number | null;
  streams: PageWork['streams'];
  pools: PoolState[];
}

/**
 * Loads the page at position `seq` of a sync, in one statement. Takes no lock: `claimPage` decides.
 * A usage figure older than two minutes says nothing about now and is left out.
 */
export async function loadPage(
  db: Database,
  job: { syncId: string; seq: number; pickup: number },
): Promise<LoadedPage> {
  const [row] = await db.sql<Row[]>`
    SELECT s.connection_id, c.connector, c.config, c.credentials, s.mode, s.trigger, s.priority, s.attempt, s.options,
           s.set_aside_in_a_row, jsonb_build_object('dryRun', s.dry_run, 'purpose', s.purpose) AS walk,
           s.seq = ${job.seq} AND s.pickup = ${job.pickup} AS at_position,
           s.status IN ('queued', 'running') AND c.deleted_at IS NULL AS may_run,
           (extract(epoch FROM s.next_run_at - now()) * 1000)::float8 AS wait_ms,
           (SELECT coalesce(jsonb_agg(jsonb_build_object(
                     'stream', t.stream, 'checkpoint', t.checkpoint, 'watermark', t.watermark, 'done', t.done,
                     'failedPageId', t.failed_page_id
                   )), '[]')
              FROM (
                SELECT t.stream, t.checkpoint, t.watermark, t.done, t.failed_page_id
                FROM sync_state t WHERE t.connection_id = s.connection_id AND t.sync_id = s.id
                UNION ALL
                -- Those of a walk that leaves the state of the connection alone.
                SELECT w.stream, w.checkpoint, t.watermark, w.done, NULL
                FROM walk_state w
                LEFT JOIN sync_state t ON t.connection_id = s.connection_id AND t.stream = w.stream
                WHERE w.sync_id = s.id
              ) AS t) AS streams,
           ${poolStates(db.sql, db.sql`s.connection_id`)} AS pools
    FROM syncs s JOIN connections c ON c.id = s.connection_id
    WHERE s.id = ${job.syncId}`;
  if (row === undefined || !row.at_position) return { kind: 'superseded', reason: 'position' };
  if (!row.may_run) return { kind: 'superseded', reason: 'status' };
  if (row.wait_ms !== null && row.wait_ms > EARLY_TOLERANCE_MS) return { kind: 'early', waitMs: row.wait_ms };
  return {
    kind: 'work',
    work: {
      syncId: job.syncId,
      connectionId: row.connection_id,
      connector: row.connector,
      config: row.config,
      credentials: row.credentials,
      mode: row.mode,
      walk: row.walk,
      trigger: row.trigger,
      priority: row.priority,
      attempt: row.attempt,
      options: row.options,
      setAsideInARow: row.set_aside_in_a_row,
      streams: row.streams,
      pools: row.pools,
    },
  };
}
