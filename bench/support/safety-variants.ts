import { noCrash } from '@tidemark/core/crash';
import { type Database, claimPage, clearOutbox, commitPage, loadPage, openDatabase } from '@tidemark/db';
import { writeRecords } from '../../packages/db/src/ops/write-records.ts';
import { type Engine, openEngine, type PageToConnect } from '../../test/support/engine/engine.ts';
import type { WalkedPage } from './walk-source.ts';

/** The same pages stored with ever fewer of the parts that make a sync safe. */
export const VARIANTS = [
  'everything',
  'without queue and outbox',
  'without lease, fencing and books too',
  'without the checkpoint too',
  'without unique keys and resolution too',
] as const;
export type Variant = (typeof VARIANTS)[number];

const WORKER = 'worker-bench';

/** Stores the pages one after the other, as a worker does, and returns the milliseconds per page. */
export async function timeVariant(
  variant: Variant,
  addresses: { databaseUrl: string; redisUrl: string },
  source: PageToConnect,
  pages: readonly WalkedPage[],
): Promise<number> {
  const engine = await openEngine({ ...addresses, graphUrl: 'http://unused' });
  const db = openDatabase({ url: addresses.databaseUrl, max: 2, applicationName: 'bench' });
  try {
    const connectionId = await engine.connect(source);
    const syncId = await engine.startSync(connectionId);
    if (variant === 'without unique keys and resolution too') await dropUniqueKeys(db);
    const store = storing(variant, { engine, db, connectionId, syncId });
    const [warm, ...timed] = pages;
    if (warm !== undefined) await store(warm, 0);
    const startedAt = performance.now();
    for (const [index, page] of timed.entries()) await store(page, index + 1);
    return (performance.now() - startedAt) / timed.length;
  } finally {
    await db.close();
    await engine.close();
  }
}

interface Place {
  engine: Engine;
  db: Database;
  connectionId: string;
  syncId: string;
}

function storing(variant: Variant, place: Place): (page: WalkedPage, seq: number) => Promise<void> {
  switch (variant) {
    case 'everything':
      return async (page, seq) => {
        const next = await commitSafely(place, page, seq);
        if (next === null) return;
        const payload = { syncId: place.syncId, seq: next.seq, pickup: 0 };
        await place.engine.queues.add({ name: 'sync-page', payload, priority: 8 });
        await clearOutbox(place.db, next.outboxId);
      };
    case 'without queue and outbox':
      return async (page, seq) => {
        await commitSafely(place, page, seq);
      };
    case 'without lease, fencing and books too':
      return (page) =>
        place.db.sql.begin(async (tx) => {
          await writeRecords(tx, place.connectionId, page.records);
          await tx`
            UPDATE sync_state SET checkpoint = ${JSON.stringify(page.next)}::text::jsonb
            WHERE connection_id = ${place.connectionId}`;
        });
    case 'without the checkpoint too':
      return (page) =>
        place.db.sql.begin(async (tx) => {
          await writeRecords(tx, place.connectionId, page.records);
        });
    case 'without unique keys and resolution too':
      return (page) => insertBlindly(place, page);
  }
}

async function commitSafely(
  { db, connectionId, syncId }: Place,
  page: WalkedPage,
  seq: number,
): Promise<{ outboxId: string; seq: number } | null> {
  const job = { syncId, seq, pickup: 0 };
  await loadPage(db, job);
  const claim = await claimPage(db, { ...job, connectionId, worker: WORKER, leaseSeconds: 300 });
  if (claim.kind !== 'claimed') throw new Error(`page ${seq} is ${claim.kind}`);
  const { fencingToken } = claim;
  const outcome = await commitPage(
    db,
    {
      ...page,
      ...job,
      connectionId,
      fencingToken,
      worker: WORKER,
      stream: 'conversations',
      walk: { dryRun: false, purpose: 'sync' },
      kinds: ['conversations'],
      hasMoreStreams: false,
      apiCalls: 1,
      durationMs: 1,
      priority: 8,
      failedPageId: null,
    },
    noCrash,
  );
  if (outcome.kind !== 'committed') throw new Error(`page ${seq} was not committed`);
  return outcome.next;
}

async function dropUniqueKeys(db: Database): Promise<void> {
  await db.sql.unsafe(`
    DROP INDEX contact_interaction_events_message, contact_interaction_events_moment,
               messenger_conversations_contact;
    ALTER TABLE contact_interaction_events DROP CONSTRAINT contact_interaction_events_pkey;`);
}

/** Rows as they come, with nothing that tells a new one from a known one. */
async function insertBlindly({ db, connectionId }: Place, page: WalkedPage): Promise<void> {
  const rows = JSON.stringify(
    page.records.flatMap((group) => (group.kind === 'conversations' ? group.rows : [])),
  );
  await db.sql`
    WITH given AS MATERIALIZED (
      SELECT tidemark_uuidv7() AS id, c.*
      FROM jsonb_to_recordset(${rows}::text::jsonb) AS c(
        "pageId" text, "senderId" text, "graphId" text, "senderName" text, "updatedAt" timestamptz,
        "asOf" timestamptz, "contentHash" text, events jsonb
      )
    ), conversations AS (
      INSERT INTO messenger_conversations (
        id, connection_id, page_id, sender_id, graph_id, sender_name, source_updated_at, as_of, content_hash
      )
      SELECT id, ${connectionId}, "pageId", "senderId", "graphId", "senderName", "updatedAt", "asOf",
             coalesce("contentHash", '')
      FROM given
    )
    INSERT INTO contact_interaction_events (
      conversation_id, event_type, event_timestamp, message_id, direction, text, metadata, as_of, content_hash
    )
    SELECT given.id, e.type, e.at, e."messageId", e.direction, e.text, e.metadata, e."asOf",
           e."contentHash"
    FROM given CROSS JOIN LATERAL jsonb_to_recordset(given.events) AS e(
      type text, at timestamptz, "messageId" text, direction text, text text, metadata jsonb, "asOf" timestamptz,
      "contentHash" text
    )`;
}
