import { noCrash } from '@tidemark/core/crash';
import { createEventBus } from '@tidemark/core/events';
import { connectorRegistry } from '@tidemark/connectors';
import { type Database, openDatabase, pauseSync, resumeSync, startSync } from '@tidemark/db';
import {
  createManualClock,
  type GraphSimulator,
  type SimClock,
  startGraphSimulator,
} from '@tidemark/sandbox';
import { createRunningPages } from '../../../apps/worker/src/jobs/running-pages.ts';
import { syncPageHandler } from '../../../apps/worker/src/jobs/sync-page.ts';
import { differences } from '../engine/compare-with-ledger.ts';
import { connectPage } from '../engine/engine.ts';
import { engineKeyring } from '../engine/settings.ts';
import { readStoredPage } from '../engine/stored-page.ts';
import { readSync, type SyncRow } from '../engine/sync-row.ts';
import type { DriftPlan, Event, Step } from './plan.ts';

/** A walk that takes more pages than this goes round in circles. */
const PAGES_MAX = 2_000;

export interface DriftVerdict {
  /** What is wrong in the end; nothing, if all is well. */
  problems: string[];
  pages: number;
  /** Changes of the Page while it was walked. */
  changes: number;
  /** Cursors that were refused or seen to lead astray. */
  lostCursors: number;
  /** Pages that could not be had. */
  failedPages: number;
}

/** Where many plans are run one after the other: the worker's own handling of pages, without queue and processes. */
export interface DriftStage {
  run(plan: DriftPlan): Promise<DriftVerdict>;
  close(): Promise<void>;
}

export async function openDriftStage(databaseUrl: string): Promise<DriftStage> {
  const clock = createManualClock(Date.parse('2026-07-01T00:00:00Z'));
  const source = await startGraphSimulator({ clock });
  const db = openDatabase({ url: databaseUrl, max: 4, applicationName: 'drift' });
  const handle = pageHandler(db, source.url);
  return {
    run: (plan) => new Drift(plan, { db, source, clock, handle }).run(),
    close: async () => {
      await db.close();
      await source.close();
    },
  };
}

/** The handler of the real worker. Its limiter lets everything through, and its queue forgets: the caller says what is next. */
function pageHandler(db: Database, graphUrl: string) {
  const forget = () => Promise.resolve();
  return syncPageHandler({
    workerId: 'worker-drift',
    db,
    queues: {
      add: forget,
      addMany: forget,
      whichQueued: () => Promise.resolve(new Set<string>()),
      upsertScheduler: forget,
      removeScheduler: forget,
      raise: () => Promise.resolve([]),
      listSchedulers: () => Promise.resolve([]),
    },
    limiter: {
      acquire: () => Promise.resolve({ granted: true, release: () => undefined }),
      stop: forget,
    },
    connectors: connectorRegistry({ graphUrl, graphVersion: 'v26.0' }),
    keyring: engineKeyring(),
    events: createEventBus((error) => {
      throw error;
    }),
    runningPages: createRunningPages(),
    leaseSeconds: 300,
    crash: noCrash,
    now: Date.now,
    random: () => 0,
  });
}

interface Tools {
  db: Database;
  source: GraphSimulator;
  clock: SimClock;
  handle: ReturnType<typeof pageHandler>;
}

const QUIET = { steps: [], faults: [] };

/** One plan on its way. */
class Drift {
  readonly #plan: DriftPlan;
  readonly #tools: Tools;
  readonly #pageId: string;
  #pages = 0;
  #changes = 0;
  #failedPages = 0;

  constructor(plan: DriftPlan, tools: Tools) {
    this.#plan = plan;
    this.#tools = tools;
    this.#pageId = String(300_000_000_000_000 + plan.seed);
  }

  async run(): Promise<DriftVerdict> {
    const { db, source } = this.#tools;
    const { page, connect, maxRows } = this.#plan;
    const pageId = this.#pageId;
    const { accessToken } = source.addPage({ ...page, pageId, behaviour: { maxRows } });
    const connectionId = await connectPage(db, { ...connect, pageId, accessToken });
    const problems: string[] = [];
    // The last one is quiet: what changed before it has to be there after it.
    for (const { steps, faults } of [...this.#plan.syncs, QUIET]) {
      source.faults.clear();
      for (const rule of faults) source.faults.add({ ...rule, when: { ...rule.when, pageId } });
      const sync = await this.#sync(connectionId, steps);
      this.#failedPages += sync.failedPages;
      if (sync.status !== 'completed') problems.push(`a sync ended as ${sync.status}: ${sync.errorCode}`);
      this.#tools.clock.advance(1_000);
    }
    problems.push(...differences(source.ledger.expected(pageId), await readStoredPage(db, pageId)));
    const [lost] = await db.sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM sync_transitions t JOIN syncs s ON s.id = t.sync_id
      WHERE s.connection_id = ${connectionId} AND t.cause = 'source_cursor_stale'`;
    return {
      problems,
      pages: this.#pages,
      changes: this.#changes,
      lostCursors: lost?.count ?? 0,
      failedPages: this.#failedPages,
    };
  }

  async #sync(connectionId: string, steps: readonly Step[]): Promise<SyncRow> {
    const { db, handle } = this.#tools;
    const started = await startSync(db, {
      connectionId,
      mode: 'incremental',
      trigger: 'api',
      priority: 'normal',
      streams: ['conversations'],
      cause: 'drift',
    });
    if (started.kind !== 'started') throw new Error(`the sync was not started: ${started.kind}`);
    const { syncId } = started;
    const { signal } = new AbortController();
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const sync = await readSync(db, syncId);
      if (sync.status !== 'queued' && sync.status !== 'running') return sync;
      const { seq, pickup } = sync;
      // Waits are for the clock of a wall, of which there is none here.
      await db.sql`UPDATE syncs SET next_run_at = NULL WHERE id = ${syncId} AND next_run_at IS NOT NULL`;
      await handle({ syncId, seq, pickup }, { jobId: `${syncId} ${seq}`, attemptsMade: 0, signal });
      this.#pages += 1;
      await this.#between(syncId, steps[page]);
    }
    throw new Error(`seed ${this.#plan.seed}: the walk does not end`);
  }

  async #between(syncId: string, step: Step | undefined): Promise<void> {
    this.#tools.clock.advance((step?.seconds ?? 1) * 1_000);
    for (const event of step?.events ?? []) await this.#happen(syncId, event);
  }

  async #happen(syncId: string, event: Event): Promise<void> {
    const { db, source } = this.#tools;
    const pageId = this.#pageId;
    if (event.kind === 'pause') {
      const [row] = await db.sql<{ tenantId: string }[]>`
        SELECT c.tenant_id AS "tenantId" FROM syncs s JOIN connections c ON c.id = s.connection_id
        WHERE s.id = ${syncId}`;
      const request = { syncId, tenantId: row?.tenantId ?? '', cause: 'drift' };
      const paused = await pauseSync(db, request);
      if (paused.kind === 'paused') await resumeSync(db, request);
      return;
    }
    this.#changes += 1;
    if (event.kind === 'conversation') {
      source.source.addConversation({ pageId });
      return;
    }
    const { conversations } = source.source.page(pageId);
    const place = Math.floor(event.place * conversations.length);
    const conversationId = conversations[place]?.id;
    if (conversationId !== undefined) source.source.addMessage({ conversationId });
  }
}
