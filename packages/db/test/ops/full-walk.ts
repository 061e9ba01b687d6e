import { noCrash } from '@tidemark/core/crash';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import {
  type CommitOutcome,
  commitPage,
  type Database,
  getSync,
  type PageCommit,
  startSync,
} from '@tidemark/db';
import { addConnection, claimed, conversation, pageCommit } from './fixtures.ts';

export const SWEEPING = { sweeps: [{ stream: 'conversations', kind: 'conversations' as const }] };

/** What the source shows on one page of a walk. */
export interface ShownPage {
  rows?: readonly (string | ConversationRecord)[];
  invalid?: InvalidRecord[];
  setAside?: PageCommit['setAside'];
  /** On the last page: the connector's proof. */
  isWhole?: boolean;
}

export async function startWalk(
  db: Database,
  connectionId: string,
  mode: 'full' | 'incremental' = 'full',
  walkOf: Partial<PageCommit['walk']> = {},
): Promise<string> {
  const streams = ['conversations'];
  const who = { trigger: 'api', priority: 'normal', cause: 'test' } as const;
  const request = { connectionId, mode, streams, ...who, ...walkOf };
  const outcome = await startSync(db, request);
  if (outcome.kind !== 'started') throw new Error(`not started: ${outcome.kind}`);
  return outcome.syncId;
}

/** Commits a page of a sync; `isLast` ends it. */
export async function show(
  db: Database,
  at: {
    syncId: string;
    connectionId: string;
    seq: number;
    isLast: boolean;
    walk?: Partial<PageCommit['walk']>;
  },
  shown: ShownPage,
): Promise<CommitOutcome> {
  const { syncId, connectionId, seq, isLast } = at;
  const fencingToken = await claimed(db, { syncId, connectionId, seq });
  const rows = (shown.rows ?? []).map((row) => (typeof row === 'string' ? conversation(row) : row));
  const page = pageCommit({
    ...{ syncId, connectionId, seq, fencingToken },
    records: [{ kind: 'conversations', rows }],
    invalid: shown.invalid ?? [],
    next: isLast ? null : { v: 1 },
    watermark: isLast ? { v: 1 } : null,
    walk: { dryRun: false, purpose: 'sync', ...at.walk },
    absence: { ...SWEEPING, isWhole: shown.isWhole ?? true, beginsWithKnown: true },
  });
  return commitPage(db, shown.setAside === undefined ? page : { ...page, setAside: shown.setAside }, noCrash);
}

/** A whole sync over these pages. */
export async function walk(
  db: Database,
  connectionId: string,
  pages: readonly ShownPage[],
  mode: 'full' | 'incremental' = 'full',
  walkOf: Partial<PageCommit['walk']> = {},
): Promise<string> {
  const syncId = await startWalk(db, connectionId, mode, walkOf);
  for (const [seq, page] of pages.entries()) {
    await show(db, { syncId, connectionId, seq, isLast: seq === pages.length - 1, walk: walkOf }, page);
  }
  return syncId;
}

/** Moves all rows into the past, so that they were there before whatever comes next, whatever the clock's precision. */
export async function age(db: Database, connectionId: string): Promise<void> {
  await db.sql`
    UPDATE messenger_conversations
       SET created_at = created_at - interval '1 hour', updated_at = updated_at - interval '1 hour'
     WHERE connection_id = ${connectionId}`;
}

/** Contacts by whether they are marked deleted, each list in order. */
export async function contacts(
  db: Database,
  connectionId: string,
): Promise<{ live: string[]; deleted: string[] }> {
  const rows = await db.sql<{ contact: string; isDeleted: boolean }[]>`
    SELECT sender_id AS contact, deleted_at IS NOT NULL AS "isDeleted" FROM messenger_conversations
    WHERE connection_id = ${connectionId} ORDER BY sender_id`;
  const those = (isDeleted: boolean) =>
    rows.filter((row) => row.isDeleted === isDeleted).map((row) => row.contact);
  return { live: those(false), deleted: those(true) };
}

/** The sync as the API shows it. */
export async function shownSync(db: Database, tenantId: string, syncId: string) {
  const sync = await getSync(db, { tenantId, syncId });
  if (sync === null) throw new Error(`there is no sync ${syncId}`);
  return sync;
}

let accounts = 0;
/** A connection that a full sync of these contacts brought some time ago; their ids are its own. */
export async function stored(
  db: Database,
  ...names: string[]
): Promise<{ connectionId: string; all: string[] }> {
  accounts += 1;
  const connectionId = await addConnection(db, `sweep-${accounts}`);
  const all = names.map((name) => `${accounts}-${name}`);
  await walk(db, connectionId, [{ rows: all }]);
  await age(db, connectionId);
  return { connectionId, all };
}

/** Keys that are kept for sweeps of the connection. */
export async function seenKeys(db: Database, connectionId: string): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM sync_seen k JOIN sync_sweeps w ON w.id = k.sweep_id
    WHERE w.connection_id = ${connectionId}`;
  return row?.count ?? -1;
}
