import type { RecordSample, StoredSamples } from '@tidemark/core/contracts';
import { addCounts, NO_RECORDS } from '@tidemark/core/sync';
import type postgres from 'postgres';
import { isSeen, isTellable, type VerifiedWalk, waitLong, walkBegan, writeExtra } from './find-extra.ts';
import { FINDINGS_MAX } from './samples.ts';
import type { WrittenPage } from './write-page-records.ts';

/**
 * Counts the records without tables of their own that are stored and were not seen by a verification that has just walked
 * the whole source; the same as for conversations, stream by stream. They are reported, and kept: for some sources absence
 * proves nothing.
 */
export async function findExtraPlainRecords(
  tx: postgres.TransactionSql,
  walk: VerifiedWalk,
  { counts }: WrittenPage,
): Promise<void> {
  const { syncId, connectionId } = walk;
  await waitLong(tx);
  const rows = await tx<{ stream: string }[]>`
    SELECT stream FROM sync_results WHERE sync_id = ${syncId}
    UNION SELECT stream FROM synced_records WHERE connection_id = ${connectionId}`;
  const streams = new Set([...counts.keys(), ...rows.map(({ stream }) => stream)]);
  for (const stream of streams) {
    if (!(await isTellable(tx, walk, [stream]))) continue;
    const extra = await tx<{ id: string; count: number }[]>`
      SELECT r.external_id AS id, (count(*) OVER ())::integer AS count FROM synced_records r
      WHERE r.connection_id = ${connectionId} AND r.stream = ${stream} AND r.deleted_at IS NULL
        AND r.updated_at < ${walkBegan(tx, walk)} AND NOT ${isSeen(tx, walk, stream, tx`ARRAY[r.external_id]`)}
      ORDER BY r.external_id LIMIT ${FINDINGS_MAX}`;
    const samples = extra.map(({ id }) => ({ key: { recordId: id }, changes: [] }));
    await writeExtra(tx, syncId, stream, { count: extra[0]?.count ?? 0, samples });
  }
}

/** What is in the tables, and in no line of any file: its kind, and what people know it by. */
interface Orphan {
  stream: 'messages' | 'sessions';
  id: string;
  sessionId: string;
}

/**
 * What is stored of session files and is extra: what the files hold no more, which each page has told of already, and
 * messages and sessions that follow from no line. Files that are gone are not extra, nor is what was in them. With repair
 * both are marked as deleted; the latter are added to `written`.
 */
export async function findExtraInSessions(
  tx: postgres.TransactionSql,
  walk: VerifiedWalk & { walk: { dryRun: boolean } },
  written: WrittenPage,
): Promise<void> {
  await waitLong(tx);
  const orphans = await findOrphans(tx, walk.connectionId);
  if (!walk.walk.dryRun) await deleteOrphans(tx, walk.connectionId, orphans, written);
  const stored = await tx<{ stream: string; deleted: number; samples: StoredSamples }[]>`
    SELECT stream, records_deleted AS deleted, samples FROM sync_results WHERE sync_id = ${walk.syncId}`;
  const before = new Map(stored.map((row) => [row.stream, row]));
  for (const stream of new Set([...before.keys(), ...written.counts.keys(), ...orphans.keys()])) {
    const lost = orphans.get(stream) ?? [];
    const told = (before.get(stream)?.deleted ?? 0) + (written.counts.get(stream)?.deleted ?? 0);
    const samples: RecordSample[] = [
      ...(before.get(stream)?.samples.deleted ?? []),
      ...(written.samples.get(stream)?.deleted ?? []),
      ...lost.map(sampleOf),
    ];
    const count = told + (walk.walk.dryRun ? lost.length : 0);
    await writeExtra(tx, walk.syncId, stream, { count, samples: samples.slice(0, FINDINGS_MAX) });
  }
}

async function findOrphans(
  tx: postgres.TransactionSql,
  connectionId: string,
): Promise<Map<string, Orphan[]>> {
  const rows = await tx<Orphan[]>`
    SELECT 'messages' AS stream, m.external_id AS id, m.session_id AS "sessionId" FROM claude_messages m
    WHERE m.connection_id = ${connectionId} AND m.deleted_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM claude_lines l WHERE l.connection_id = m.connection_id AND l.message_key = m.message_key)
    UNION ALL
    SELECT 'sessions', s.external_id, s.external_id FROM claude_sessions s
    WHERE s.connection_id = ${connectionId} AND s.deleted_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM claude_lines l WHERE l.connection_id = s.connection_id AND l.session_id = s.external_id)
    ORDER BY 1, 2`;
  return Map.groupBy(rows, ({ stream }) => stream);
}

async function deleteOrphans(
  tx: postgres.TransactionSql,
  connectionId: string,
  orphans: ReadonlyMap<string, readonly Orphan[]>,
  { counts }: WrittenPage,
): Promise<void> {
  const tables = { messages: 'claude_messages', sessions: 'claude_sessions' } as const;
  for (const [stream, rows] of orphans) {
    const table = tables[rows[0]?.stream ?? 'messages'];
    await tx`
      UPDATE ${tx(table)} SET deleted_at = now(), version = version + 1, updated_at = now()
      WHERE connection_id = ${connectionId} AND external_id = ANY (${rows.map(({ id }) => id)}::text[])`;
    counts.set(stream, addCounts(counts.get(stream) ?? NO_RECORDS, { ...NO_RECORDS, deleted: rows.length }));
  }
  // A page that added a session up anew counted them with it.
  const sessions = [...new Set((orphans.get('messages') ?? []).map(({ sessionId }) => sessionId))];
  await tx`
    SELECT 1 FROM tidemark_write_sessions(${connectionId}, ${sessions}::text[], ARRAY(
      SELECT ROW(NULL, s.id, NULL, 0, 0, 0, 0, 0, NULL, NULL, true, true)::tidemark_session_effect
      FROM unnest(${sessions}::text[]) AS s(id)))`;
}

function sampleOf({ stream, id, sessionId }: Orphan): RecordSample {
  return { key: stream === 'messages' ? { sessionId, messageId: id } : { sessionId }, changes: [] };
}
