import type { RecordSample, StoredSamples } from '@tidemark/core/contracts';
import type postgres from 'postgres';
import { momentOf, type RecordKey } from './held-versions.ts';
import { FINDINGS_MAX, namedKey } from './samples.ts';

/** Looking at every row of a connection takes longer than a statement of a page may. */
const TIMEOUT = '15min';

export interface VerifiedWalk {
  syncId: string;
  connectionId: string;
}

/** For the rest of the transaction. */
export async function waitLong(tx: postgres.TransactionSql): Promise<void> {
  await tx`SELECT set_config('statement_timeout', ${TIMEOUT}, true)`;
}

/**
 * Counts the conversations that are stored and were not seen by a verification that has just walked the whole source,
 * inside the closing transaction; writes that into its results. What was written since the walk began is no finding: the
 * walk may have passed its place before.
 *
 * A record that went to quarantine is at the source. When one could not even be told from others, nothing can be said
 * about its stream.
 */
export async function findExtraConversations(tx: postgres.TransactionSql, walk: VerifiedWalk): Promise<void> {
  const { syncId, connectionId } = walk;
  await waitLong(tx);
  if (!(await isTellable(tx, walk, ['conversations']))) return;
  const rows = await tx<ExtraRecord[]>`
    SELECT ARRAY[c.page_id, c.sender_id] AS key, (count(*) OVER ())::integer AS count
    FROM messenger_conversations c
    WHERE c.connection_id = ${connectionId} AND c.deleted_at IS NULL AND c.updated_at < ${walkBegan(tx, walk)}
      AND NOT ${isSeen(tx, walk, 'conversations', tx`ARRAY[c.page_id, c.sender_id]`)}
      AND (c.graph_id IS NULL OR NOT ${isSeen(tx, walk, 'conversations', tx`ARRAY[c.graph_id]`)})
    ORDER BY c.id LIMIT ${FINDINGS_MAX}`;
  await writeExtra(tx, syncId, 'conversations', extraOf(rows));
}

/**
 * The same for messages, except those of conversations that are marked as deleted. Events of other types come by webhook
 * only, and are no findings.
 */
export async function findExtraMessages(tx: postgres.TransactionSql, walk: VerifiedWalk): Promise<void> {
  const { syncId, connectionId } = walk;
  if (!(await isTellable(tx, walk, ['conversations', 'messages']))) return;
  const key = tx`
    CASE WHEN e.message_id IS NULL
      THEN ARRAY[c.page_id, c.sender_id, '', e.event_type, ${momentOf(tx, 'e.event_timestamp')}]
      ELSE ARRAY[c.page_id, c.sender_id, e.message_id] END`;
  const rows = await tx<ExtraRecord[]>`
    SELECT ${key} AS key, (count(*) OVER ())::integer AS count
    FROM contact_interaction_events e JOIN messenger_conversations c ON c.id = e.conversation_id
    WHERE c.connection_id = ${connectionId} AND c.deleted_at IS NULL
      AND e.event_type = 'message' AND e.created_at < ${walkBegan(tx, walk)}
      AND NOT ${isSeen(tx, walk, 'messages', key)}
      AND (e.message_id IS NULL OR NOT ${isSeen(tx, walk, 'messages', tx`ARRAY[e.message_id]`)})
      AND (c.graph_id IS NULL OR NOT ${isSeen(tx, walk, 'conversations', tx`ARRAY[c.graph_id]`)})
    ORDER BY e.id LIMIT ${FINDINGS_MAX}`;
  await writeExtra(tx, syncId, 'messages', extraOf(rows));
}

interface ExtraRecord {
  key: RecordKey;
  /** Of all extra records of the stream. */
  count: number;
}

/** SQL: whether the walk has seen the record with this key. */
export function isSeen(
  tx: postgres.TransactionSql,
  walk: VerifiedWalk,
  stream: string,
  key: postgres.PendingQuery<postgres.Row[]>,
) {
  return tx`
    EXISTS (
      SELECT 1 FROM walk_versions v WHERE v.sync_id = ${walk.syncId} AND v.stream = ${stream} AND v.key = ${key})`;
}

/** SQL: when the walk began. */
export function walkBegan(tx: postgres.TransactionSql, walk: VerifiedWalk) {
  return tx`(SELECT min(w.created_at) FROM walk_state w WHERE w.sync_id = ${walk.syncId})`;
}

/** Whether every record of these streams could at least be told from the others. */
export async function isTellable(
  tx: postgres.TransactionSql,
  walk: VerifiedWalk,
  streams: string[],
): Promise<boolean> {
  const [nameless] = await tx`
    SELECT 1 FROM walk_versions v
    WHERE v.sync_id = ${walk.syncId} AND v.stream = ANY (${streams}::text[]) AND v.key = '{}' LIMIT 1`;
  return nameless === undefined;
}

/** How many records of a stream are extra, and some of them. */
export interface Extra {
  count: number;
  samples: RecordSample[];
}

function extraOf(rows: readonly ExtraRecord[]): Extra {
  return {
    count: rows[0]?.count ?? 0,
    samples: rows.map(({ key }) => ({ key: namedKey(key), changes: [] })),
  };
}

/** Writes what is extra into the results of a verification. */
export async function writeExtra(
  tx: postgres.TransactionSql,
  syncId: string,
  stream: string,
  extra: Extra,
): Promise<void> {
  const samples: StoredSamples = extra.samples.length === 0 ? {} : { extra: extra.samples };
  await tx`
    INSERT INTO sync_results AS held (sync_id, stream, records_extra, samples)
    VALUES (${syncId}, ${stream}, ${extra.count}, ${JSON.stringify(samples)}::text::jsonb)
    ON CONFLICT (sync_id, stream) DO UPDATE
      SET records_extra = excluded.records_extra, samples = held.samples || excluded.samples`;
}
