import { randomUUID } from 'node:crypto';
import { contentHash } from '@tidemark/core/hashing';
import type { ConversationRecord, EventRecord } from '@tidemark/core/records';
import { beatWorker, claimPage, type Database, openDatabase, type PageCommit, startSync } from '@tidemark/db';
import { createTestDatabase } from '../../../../test/support/postgres.ts';

export const WORKER = 'worker-test';
export const PAGE_ID = '1001';

export interface Fixture {
  db: Database;
  url: string;
  connectionId: string;
  close(): Promise<void>;
}

/** A database with one connection and one known worker. */
export async function openFixture(): Promise<Fixture> {
  const database = await createTestDatabase();
  const db = openDatabase({ url: database.url, max: 20, applicationName: 'test' });
  const connectionId = await addConnection(db, PAGE_ID);
  await beatWorker(db, { id: WORKER, host: 'test', pid: 1, concurrency: 1 });
  return {
    db,
    url: database.url,
    connectionId,
    close: async () => {
      await db.close();
      await database.drop();
    },
  };
}

export async function addConnection(db: Database, accountId: string): Promise<string> {
  const [tenant] = await db.sql<{ id: string }[]>`
    INSERT INTO tenants (name) VALUES ('test') ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`;
  const [connection] = await db.sql<{ id: string }[]>`
    INSERT INTO connections (tenant_id, connector, name, config, account_id)
    VALUES (${tenant?.id ?? ''}, 'messenger', 'test', '{}', ${accountId}) RETURNING id`;
  return connection?.id ?? '';
}

/** Starts a sync and returns its id. */
export async function startedSync(db: Database, connectionId: string): Promise<string> {
  const outcome = await startSync(db, {
    connectionId,
    mode: 'incremental',
    trigger: 'api',
    priority: 'normal',
    streams: ['conversations'],
    cause: 'test',
  });
  if (outcome.kind !== 'started') throw new Error(`not started: ${JSON.stringify(outcome)}`);
  return outcome.syncId;
}

/** Claims the page at `seq` for the worker; throws when it cannot. */
export async function claimed(
  db: Database,
  page: { syncId: string; connectionId: string; seq: number; pickup?: number; worker?: string },
): Promise<string> {
  const claim = await claimPage(db, { pickup: 0, worker: WORKER, leaseSeconds: 60, ...page });
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.fencingToken;
}

export function pageCommit(
  page: Pick<PageCommit, 'syncId' | 'connectionId' | 'seq' | 'fencingToken'> & Partial<PageCommit>,
): PageCommit {
  return {
    pickup: 0,
    worker: WORKER,
    stream: 'conversations',
    walk: { dryRun: false, purpose: 'sync' },
    records: [],
    invalid: [],
    next: { v: 1 },
    watermark: null,
    kinds: ['conversations'],
    hasMoreStreams: false,
    apiCalls: 1,
    total: null,
    durationMs: 1,
    priority: 5,
    failedPageId: null,
    ...page,
  };
}

export function message(id: string, values: Partial<EventRecord> = {}): EventRecord {
  const event = {
    type: 'message' as const,
    at: '2024-01-01T00:00:00.000Z',
    messageId: id,
    direction: 'in' as const,
    text: `text of ${id}`,
    metadata: {},
    asOf: '2024-06-01T00:00:00.000Z',
    ...values,
  };
  return { contentHash: contentHash([event.text, event.metadata, event.at]), ...event };
}

export function conversation(senderId: string, values: Partial<ConversationRecord> = {}): ConversationRecord {
  const record = {
    pageId: PAGE_ID,
    senderId,
    graphId: `t_${senderId}`,
    senderName: `Name of ${senderId}`,
    updatedAt: '2024-01-01T00:00:00.000Z',
    asOf: '2024-06-01T00:00:00.000Z',
    events: [],
    ...values,
  };
  return { contentHash: contentHash([record.graphId, record.senderName, record.updatedAt]), ...record };
}

/** Every synced row, in a form that two databases can be compared by: no ids, no times of writing. */
export async function syncedRows(db: Database): Promise<readonly unknown[]> {
  return db.sql`
    SELECT c.page_id, c.sender_id, c.graph_id, c.sender_name, c.last_message, c.last_message_time, c.message_count,
           c.content_hash, e.message_id, e.event_type, e.event_timestamp, e.text, e.direction, e.metadata,
           e.subject_id, e.notified, e.content_hash AS event_hash
    FROM messenger_conversations c LEFT JOIN contact_interaction_events e ON e.conversation_id = c.id
    ORDER BY c.page_id, c.sender_id, e.message_id, e.event_timestamp, e.event_type, e.subject_id`;
}

/** Conversations whose derived figures do not match their events; must always be none. */
export async function inconsistentConversations(db: Database): Promise<readonly unknown[]> {
  return db.sql`
    SELECT c.sender_id, c.message_count, n.count, c.last_message_time, n.newest
    FROM messenger_conversations c
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count, max(e.event_timestamp) AS newest
      FROM contact_interaction_events e WHERE e.conversation_id = c.id AND e.event_type = 'message'
    ) n
    WHERE c.message_count <> n.count OR c.last_message_time IS DISTINCT FROM n.newest`;
}

export function newWorkerId(): string {
  return `worker-${randomUUID()}`;
}
