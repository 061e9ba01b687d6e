import { noCrash } from '@tidemark/core/crash';
import type { StreamRecords } from '@tidemark/core/records';
import type { SyncStatus } from '@tidemark/core/sync';
import { type CommitOutcome, commitPage, type Database, leaseKey, type SyncRequest } from '@tidemark/db';
import { addConnection, claimed, conversation, message, pageCommit, startedSync } from './fixtures.ts';

export interface LivePage {
  syncId: string;
  connectionId: string;
  seq: number;
  fencingToken: string;
}

let accounts = 0;
/** A new sync whose first page a worker is at. */
export async function pageUnderWay(db: Database): Promise<LivePage> {
  accounts += 1;
  const connectionId = await addConnection(db, `control-${accounts}`);
  const syncId = await startedSync(db, connectionId);
  const fencingToken = await claimed(db, { syncId, connectionId, seq: 0 });
  return { syncId, connectionId, seq: 0, fencingToken };
}

/** A request of the tenant all connections of the fixtures belong to. */
export async function requester(db: Database): Promise<(syncId: string) => SyncRequest> {
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
  return (syncId) => ({ tenantId: tenant?.id ?? '', syncId, cause: 'test' });
}

/** The version of every row that belongs to the connection: a row that is written gets another one. */
export async function rowVersions(db: Database, { connectionId, syncId }: LivePage): Promise<string[]> {
  const rows = await db.sql<{ version: string }[]>`
    SELECT 'sync ' || xmin::text || ' ' || ctid::text AS version FROM syncs WHERE connection_id = ${connectionId}
    UNION ALL SELECT 'state ' || xmin::text || ' ' || ctid::text FROM sync_state WHERE connection_id = ${connectionId}
    UNION ALL SELECT 'lease ' || xmin::text FROM sync_locks WHERE key = ${leaseKey(connectionId)}
    UNION ALL SELECT 'result ' || xmin::text FROM sync_results WHERE sync_id = ${syncId}
    UNION ALL SELECT 'step ' || id::text FROM sync_transitions WHERE sync_id = ${syncId}
    UNION ALL SELECT 'event ' || id::text FROM sync_events WHERE sync_id = ${syncId}
    UNION ALL SELECT 'quarantine ' || xmin::text FROM quarantine WHERE connection_id = ${connectionId}
    UNION ALL SELECT 'conversation ' || xmin::text FROM messenger_conversations WHERE connection_id = ${connectionId}
    ORDER BY 1`;
  return rows.map((row) => row.version);
}

/** Conversations that `commit` stores, each with a message. */
export const RECORDS_OF_A_PAGE = 5;

function recordsOf(page: LivePage): StreamRecords[] {
  const rows = Array.from({ length: RECORDS_OF_A_PAGE }, (_, index) => {
    const senderId = `${page.syncId}-${index}`;
    return conversation(senderId, { events: [message(`m-${senderId}`)] });
  });
  return [{ kind: 'conversations', rows }];
}

/** Commits the page with a few records. */
export function commit(db: Database, page: LivePage): Promise<CommitOutcome> {
  return commitPage(db, pageCommit({ ...page, records: recordsOf(page) }), noCrash);
}

/** Lets the event loop turn so many times: requests begin at moments that differ by fractions of a millisecond. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export async function stepsOf(
  db: Database,
  syncId: string,
): Promise<{ from: SyncStatus | null; to: SyncStatus }[]> {
  const rows = await db.sql<{ from: SyncStatus | null; to: SyncStatus }[]>`
    SELECT from_status AS "from", to_status AS "to" FROM sync_transitions
    WHERE sync_id = ${syncId} AND job_id IS NULL ORDER BY id`;
  return rows.map((row) => ({ ...row }));
}

/** Each job of the sync with the statuses it went through. */
export async function jobsOf(db: Database, syncId: string): Promise<string[]> {
  const rows = await db.sql<{ steps: string }[]>`
    SELECT string_agg(coalesce(from_status, '') || '>' || to_status, ' ' ORDER BY id) AS steps
    FROM sync_transitions WHERE sync_id = ${syncId} AND job_id IS NOT NULL GROUP BY job_id ORDER BY min(id)`;
  return rows.map((row) => row.steps);
}
