import type { AnyConnector } from '@tidemark/core/connector';
import { noNetwork } from '@tidemark/core/connector';
import { noCrash } from '@tidemark/core/crash';
import { claudeCodeConnector, type ReadLimits } from '@tidemark/connectors';
import {
  beatWorker,
  claimPage,
  commitPage,
  type Database,
  loadPage,
  openDatabase,
  positionReader,
  startSync,
} from '@tidemark/db';

const WORKER = 'worker-test';

export interface SyncReport {
  syncId: string;
  pages: number;
  counts: Record<string, number>;
}

/** How a sync is asked for. */
export interface SyncWish {
  mode?: 'incremental' | 'full';
  options?: unknown;
  limits?: Partial<ReadLimits>;
  /** It is left in the middle after so many. */
  pagesMax?: number;
  dryRun?: boolean;
  purpose?: 'sync' | 'verify';
}

/** Folders of session files, each its own connection, in one database, with syncs that need no queue. */
export class SessionStore {
  readonly db: Database;
  readonly #drop: () => Promise<void>;

  private constructor(db: Database, drop: () => Promise<void>) {
    this.db = db;
    this.#drop = drop;
  }

  /** On a database that is migrated, which `drop` removes. */
  static async openAt(url: string, drop: () => Promise<void> = async () => {}): Promise<SessionStore> {
    const db = openDatabase({ url, max: 6, applicationName: 'test' });
    await beatWorker(db, { id: WORKER, host: 'test', pid: 1, concurrency: 1 });
    return new SessionStore(db, async () => {
      await db.close();
      await drop();
    });
  }

  close(): Promise<void> {
    return this.#drop();
  }

  /** A new connection to the folder. */
  async connect(root: string): Promise<string> {
    const [tenant] = await this.db.sql<{ id: string }[]>`
      INSERT INTO tenants (name) VALUES ('test') ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`;
    const [row] = await this.db.sql<{ id: string }[]>`
      INSERT INTO connections (tenant_id, connector, name, config, account_id)
      VALUES (
        ${tenant?.id ?? ''}, 'claude-code', 'test', ${JSON.stringify({ root })}::text::jsonb, gen_random_uuid()::text
      ) RETURNING id`;
    return row?.id ?? '';
  }

  /** One sync to its end: pages are read and committed as a worker does it. */
  async sync(connectionId: string, ask: SyncWish = {}): Promise<SyncReport> {
    const { mode = 'incremental', options = {}, limits = {}, dryRun = false, purpose = 'sync' } = ask;
    const connector = claudeCodeConnector({ defaultRoots: [], allowedRoots: ['/'], limits });
    const streams = connector.streams.map(({ name }) => name);
    const started = await startSync(this.db, {
      ...{
        connectionId,
        mode,
        trigger: 'api',
        priority: 'normal',
        cause: 'test',
        streams,
        options,
        dryRun,
        purpose,
      },
    });
    if (started.kind !== 'started') throw new Error(`not started: ${started.kind}`);
    const { syncId } = started;
    const { pagesMax = Number.POSITIVE_INFINITY } = ask;
    let seq = 0;
    for (let isDone = false; !isDone && seq < pagesMax; seq += 1) {
      isDone = await this.#page(connector, { syncId, connectionId, seq });
    }
    return { syncId, pages: seq, counts: await this.counts(syncId) };
  }

  /** Reads and commits one page; true: it was the last one. */
  async #page(
    connector: AnyConnector,
    at: { syncId: string; connectionId: string; seq: number },
  ): Promise<boolean> {
    const [stream] = connector.streams;
    if (stream === undefined) throw new Error('The connector has no stream.');
    const loaded = await loadPage(this.db, { ...at, pickup: 0 });
    if (loaded.kind !== 'work') throw new Error(`page ${at.seq} is ${loaded.kind}`);
    const { work } = loaded;
    const config = connector.config.parse(work.config);
    const [state] = work.streams;
    const watermark = work.mode === 'full' ? null : (state?.watermark ?? null);
    const checkpoint = state?.checkpoint ?? stream.start({ config, options: work.options, watermark });
    const claim = await claimPage(this.db, { ...at, pickup: 0, worker: WORKER, leaseSeconds: 60 });
    if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
    const { signal } = new AbortController();
    const page = await stream.fetchPage({
      config,
      credentials: undefined,
      checkpoint: stream.checkpoint.parse(checkpoint),
      io: noNetwork(signal),
      positions: positionReader(this.db, { connectionId: at.connectionId, stream: stream.name }),
      signal,
    });
    const attempt = { ...at, pickup: 0, worker: WORKER, fencingToken: claim.fencingToken };
    const walked = { stream: stream.name, kinds: [stream.kind], hasMoreStreams: false, walk: work.walk };
    const figures = { apiCalls: 0, durationMs: 0, priority: 5, failedPageId: null };
    const outcome = await commitPage(this.db, { ...page, ...attempt, ...walked, ...figures }, noCrash);
    if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.reason}`);
    return page.next === null;
  }

  async counts(syncId: string): Promise<Record<string, number>> {
    const rows = await this.db.sql<{ name: string; value: number }[]>`
      SELECT r.stream || ' ' || c.name AS name, c.value
      FROM sync_results r CROSS JOIN LATERAL (VALUES
        ('inserted', r.records_inserted), ('updated', r.records_updated), ('skipped', r.records_skipped),
        ('quarantined', r.records_quarantined), ('deleted', r.records_deleted)
      ) AS c(name, value)
      WHERE r.sync_id = ${syncId} AND c.value > 0 ORDER BY 1`;
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /** Ends a sync that was left in the middle, as a cancellation does. */
  async abandon(syncId: string): Promise<void> {
    await this.db
      .sql`UPDATE syncs SET status = 'cancelled', status_cause = 'test', finished_at = now() WHERE id = ${syncId}`;
    await this.db.sql`DELETE FROM sync_locks`;
  }

  /** Everything that is stored of a folder, without what tells one reading from another: ids, versions, times of writing. */
  async stored(connectionId: string, root: string): Promise<unknown> {
    const { sql } = this.db;
    const messages = await sql`
      SELECT external_id, message_key, session_id, agent_id, is_sidechain, request_id, uuid, parent_uuid, role, model, at,
             cwd, text, tool_uses, input_tokens, output_tokens, cache_creation_tokens, cache_read_tokens, line_count
      FROM claude_messages WHERE connection_id = ${connectionId} AND deleted_at IS NULL ORDER BY external_id`;
    const sessions = await sql`
      SELECT external_id, project, project_path, title, started_at, ended_at, message_count, models, input_tokens,
             output_tokens, cache_creation_tokens, cache_read_tokens
      FROM claude_sessions WHERE connection_id = ${connectionId} AND deleted_at IS NULL ORDER BY external_id`;
    const stored = await sql<{ path: string }[]>`
      SELECT f.path, l.byte_offset, l.byte_length, l.line_number, l.type, l.payload, l.content_hash
      FROM claude_lines l JOIN claude_files f ON f.id = l.file_id
      WHERE l.connection_id = ${connectionId} ORDER BY f.path, l.byte_offset`;
    const lines = stored.map(({ path, ...line }) => ({ path: path.slice(root.length), ...line }));
    return { messages: [...messages], sessions: [...sessions], lines };
  }

  /** Everything a dry run or a verification must leave alone, each row with the version PostgreSQL keeps of it. */
  async untouchables(): Promise<readonly unknown[]> {
    return this.db.sql`
      SELECT 'file', xmin::text, to_jsonb(t)::text FROM claude_files t
      UNION ALL SELECT 'line', xmin::text, to_jsonb(t)::text FROM claude_lines t
      UNION ALL SELECT 'message', xmin::text, to_jsonb(t)::text FROM claude_messages t
      UNION ALL SELECT 'session', xmin::text, to_jsonb(t)::text FROM claude_sessions t
      UNION ALL SELECT 'position', xmin::text, to_jsonb(t)::text FROM source_positions t
      UNION ALL SELECT 'state', xmin::text, to_jsonb(t)::text FROM sync_state t
      UNION ALL SELECT 'quarantine', xmin::text, to_jsonb(t)::text FROM quarantine t
      UNION ALL SELECT 'metadata', '', (to_jsonb(t) - 'updated_at')::text FROM sync_metadata t
      ORDER BY 1, 3`;
  }

  /** Sessions whose figures are not those of their messages; must always be none. */
  async inconsistentSessions(): Promise<readonly unknown[]> {
    return this.db.sql`
      SELECT s.external_id, s.message_count, m.count
      FROM claude_sessions s CROSS JOIN LATERAL (
        SELECT count(*)::int AS count, coalesce(sum(input_tokens + output_tokens + cache_creation_tokens + cache_read_tokens), 0) AS tokens,
               min(at) AS first, max(at) AS last
        FROM claude_messages m
        WHERE m.connection_id = s.connection_id AND m.session_id = s.external_id AND m.deleted_at IS NULL
      ) m
      WHERE s.deleted_at IS NULL AND (s.message_count <> m.count OR s.started_at IS DISTINCT FROM m.first
        OR s.ended_at IS DISTINCT FROM m.last
        OR s.input_tokens + s.output_tokens + s.cache_creation_tokens + s.cache_read_tokens <> m.tokens)`;
  }
}
