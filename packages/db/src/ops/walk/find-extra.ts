import type { StoredSamples } from '@tidemark/core/contracts';
import type postgres from 'postgres';
import { momentOf, type RecordKey } from './held-versions.ts';
import { FINDINGS_MAX, namedKey } from './samples.ts';

/** Looking at every row of a connection takes longer than a statement of a page may. */
const TIMEOUT = '15min';

/**
 * Counts what is stored and was not seen by a verification that has just walked the whole source, inside the closing
 * transaction; writes it into the results of its streams. What was stored since the walk began is no finding: the walk
 * may have passed its place before. Events other than messages come by webhook only, and are none either.
 *
 * A record that went to quarantine is at the source. When one could not even be told from others, nothing can be said
 * about its stream.
 */
export async function findExtra(
  tx: postgres.TransactionSql,
  walk: { syncId: string; connectionId: string },
): Promise<void> {
  await tx`SELECT set_config('statement_timeout', ${TIMEOUT}, true)`;
  const { syncId, connectionId } = walk;
  const isSeen = (stream: string, key: postgres.PendingQuery<postgres.Row[]>) => tx`
    EXISTS (SELECT 1 FROM walk_versions v WHERE v.sync_id = ${syncId} AND v.stream = ${stream} AND v.key = ${key})`;
  const [unreadable] = await tx<{ conversations: boolean; messages: boolean }[]>`
    SELECT ${isSeen('conversations', tx`'{}'::text[]`)} AS conversations,
           ${isSeen('conversations', tx`'{}'::text[]`)} OR ${isSeen('messages', tx`'{}'::text[]`)} AS messages`;
  const began = tx`(SELECT min(w.created_at) FROM walk_state w WHERE w.sync_id = ${syncId})`;

  if (unreadable?.conversations === false) {
    const rows = await tx<{ key: RecordKey; count: number }[]>`
      SELECT ARRAY[c.page_id, c.sender_id] AS key, (count(*) OVER ())::integer AS count
      FROM messenger_conversations c
      WHERE c.connection_id = ${connectionId} AND c.deleted_at IS NULL AND c.created_at < ${began}
        AND NOT ${isSeen('conversations', tx`ARRAY[c.page_id, c.sender_id]`)}
        AND (c.graph_id IS NULL OR NOT ${isSeen('conversations', tx`ARRAY[c.graph_id]`)})
      ORDER BY c.id LIMIT ${FINDINGS_MAX}`;
    await writeExtra(tx, syncId, 'conversations', rows);
  }
  if (unreadable?.messages === false) {
    const key = tx`
      CASE WHEN e.message_id IS NULL
        THEN ARRAY[c.page_id, c.sender_id, '', e.event_type, ${momentOf(tx, 'e.event_timestamp')}]
        ELSE ARRAY[c.page_id, c.sender_id, e.message_id] END`;
    const rows = await tx<{ key: RecordKey; count: number }[]>`
      SELECT ${key} AS key, (count(*) OVER ())::integer AS count
      FROM contact_interaction_events e JOIN messenger_conversations c ON c.id = e.conversation_id
      WHERE c.connection_id = ${connectionId} AND c.deleted_at IS NULL
        AND e.event_type = 'message' AND e.created_at < ${began}
        AND NOT ${isSeen('messages', key)}
        AND (e.message_id IS NULL OR NOT ${isSeen('messages', tx`ARRAY[e.message_id]`)})
        AND (c.graph_id IS NULL OR NOT ${isSeen('conversations', tx`ARRAY[c.graph_id]`)})
      ORDER BY e.id LIMIT ${FINDINGS_MAX}`;
    await writeExtra(tx, syncId, 'messages', rows);
  }
}

async function writeExtra(
  tx: postgres.TransactionSql,
  syncId: string,
  stream: string,
  rows: readonly { key: RecordKey; count: number }[],
): Promise<void> {
  const extra = rows.map(({ key }) => ({ key: namedKey(key), changes: [] }));
  const samples: StoredSamples = extra.length === 0 ? {} : { extra };
  await tx`
    INSERT INTO sync_results AS held (sync_id, stream, records_extra, samples)
    VALUES (${syncId}, ${stream}, ${rows[0]?.count ?? 0}, ${JSON.stringify(samples)}::text::jsonb)
    ON CONFLICT (sync_id, stream) DO UPDATE
      SET records_extra = excluded.records_extra, samples = held.samples || excluded.samples`;
}
