import { storableJson, storableText } from '@tidemark/core/json';
import type { ConversationRecord, EventRecord, PlainRecord, StreamRecords } from '@tidemark/core/records';
import { addCounts, NO_RECORDS, type RecordCounts } from '@tidemark/core/sync';
import type postgres from 'postgres';
import { fireRules, type NewContactEvent } from './fire-rules.ts';
import type { Decision } from './write-decisions.ts';
import { writePlainRecords } from './write-plain-records.ts';
import { type SessionFilesWritten, type SessionOutcome, writeSessionFiles } from './write-session-files.ts';

/** Counts by stream, in the order the streams are shown. */
export type CountsByStream = Map<string, RecordCounts>;

/** What the write of a conversation did, by the database's own word. */
export interface ConversationOutcome {
  sender_id: string;
  conversation_id: string;
  version: number;
  is_new: boolean;
  outcome: 'inserted' | 'updated' | 'skipped' | 'stale' | 'named';
  events_read: number;
  events_inserted: number;
  events_updated: number;
  events_stale: number;
  /** What automation rules have to be asked about; null: nothing. */
  automation_events: NewContactEvent[] | null;
}

/** What came of the records of a page. */
export interface WrittenRecords {
  counts: CountsByStream;
  /** For kinds whose sync reports on each thing it came by. */
  decisions: Decision[];
}

/**
 * Writes the records of a page inside the caller's transaction, each kind through its one writer, and counts
 * what really happened by stream.
 */
export async function writeRecords(
  tx: postgres.TransactionSql,
  connectionId: string,
  records: readonly StreamRecords[],
): Promise<WrittenRecords> {
  const written: WrittenRecords = { counts: new Map(), decisions: [] };
  for (const group of records) await writeGroup(tx, connectionId, group, written);
  return written;
}

async function writeGroup(
  tx: postgres.TransactionSql,
  connectionId: string,
  group: StreamRecords,
  written: WrittenRecords,
): Promise<void> {
  switch (group.kind) {
    case 'conversations':
      return writePages(tx, connectionId, group.rows, written.counts);
    case 'sessionFiles':
      return addSessionFiles(written, await writeSessionFiles(tx, connectionId, group));
    case 'records':
      return addPlainRecords(written, group, await writePlainRecords(tx, connectionId, group));
  }
}

async function writePages(
  tx: postgres.TransactionSql,
  connectionId: string,
  conversations: readonly ConversationRecord[],
  counts: CountsByStream,
): Promise<void> {
  for (const [pageId, rows] of Map.groupBy(conversations, (row) => row.pageId)) {
    countConversations(counts, rows, await writeConversations(tx, { connectionId, pageId }, rows));
  }
}

/** Adds what came of records without tables of their own. */
export function addPlainRecords(
  written: WrittenRecords,
  { stream, rows }: { stream: string; rows: readonly PlainRecord[] },
  part: { inserted: number; updated: number; stale: number },
): void {
  add(written.counts, stream, { read: rows.length, ...part });
}

/** Adds what came of session files; also of those a dry run only tried. */
export function addSessionFiles(written: WrittenRecords, { counts, sessions }: SessionFilesWritten): void {
  for (const [stream, part] of Object.entries(counts)) {
    if (part.read + part.deleted > 0) add(written.counts, stream, { stale: 0, ...part });
  }
  written.decisions.push(...sessions.map(decisionOf));
}

const REASONS: Readonly<Record<SessionOutcome['outcome'], Pick<Decision, 'decision' | 'reason'>>> = {
  inserted: { decision: 'insert', reason: 'it was not stored yet' },
  updated: { decision: 'update', reason: 'its content changed' },
  deleted: { decision: 'update', reason: 'its files hold it no more; it is marked deleted' },
  skipped: { decision: 'skip', reason: 'its file was read, and its content is stored already' },
};

function decisionOf({ id, outcome, ...messages }: SessionOutcome): Decision {
  const hasNews = messages.inserted + messages.updated + messages.deleted > 0;
  return { subject: id, ...REASONS[outcome === 'skipped' && hasNews ? 'updated' : outcome], ...messages };
}

/**
 * Writes conversations of one Page with their events, does what automation rules say about those that are new, and says of
 * each contact what came of it. `beforeRules` is called between the two.
 */
export async function writeConversations(
  tx: postgres.TransactionSql,
  page: { connectionId: string; pageId: string },
  rows: readonly ConversationRecord[],
  beforeRules: () => void = () => undefined,
): Promise<readonly ConversationOutcome[]> {
  const { connectionId, pageId } = page;
  const outcomes = await tx<ConversationOutcome[]>`
    SELECT * FROM bulk_upsert_conversations_with_events(
      ${connectionId}, ${pageId}, ${conversationsInput(rows)}::text::jsonb)`;
  beforeRules();
  const events = outcomes.flatMap(({ conversation_id: conversationId, automation_events: heard }) =>
    (heard ?? []).map((event) => ({ ...event, conversationId, connectionId })),
  );
  await fireRules(tx, connectionId, events);
  return outcomes;
}

/** A contact that came twice in one page has one outcome; the repetition was left alone, which is `skipped`. */
function countConversations(
  counts: CountsByStream,
  rows: readonly ConversationRecord[],
  outcomes: readonly ConversationOutcome[],
): void {
  const described = new Set(rows.filter((row) => row.contentHash !== null).map((row) => row.senderId));
  const read = rows.filter((row) => row.contentHash !== null).length;
  const of = (name: ConversationOutcome['outcome']) =>
    outcomes.filter((row) => row.outcome === name && described.has(row.sender_id)).length;
  const [inserted, updated, stale] = [of('inserted'), of('updated'), of('stale')];
  add(counts, 'conversations', { read, inserted, updated, stale });

  const sum = (pick: (row: ConversationOutcome) => number) =>
    outcomes.reduce((total, row) => total + pick(row), 0);
  add(counts, 'messages', {
    read: sum((row) => row.events_read),
    inserted: sum((row) => row.events_inserted),
    updated: sum((row) => row.events_updated),
    stale: sum((row) => row.events_stale),
  });
}

/** What was read and neither written nor stale was unchanged. */
function add(
  counts: CountsByStream,
  stream: string,
  part: { read: number; inserted: number; updated: number; stale: number; deleted?: number },
): void {
  const skipped = part.read - part.inserted - part.updated - part.stale;
  const sum = addCounts(counts.get(stream) ?? NO_RECORDS, { ...NO_RECORDS, ...part, skipped });
  counts.set(stream, sum);
}

/** The rows as `bulk_upsert_conversations_with_events` reads them. */
export function conversationsInput(rows: readonly ConversationRecord[]): string {
  return JSON.stringify(rows.map(conversationInput));
}

function conversationInput(row: ConversationRecord) {
  return {
    sender_id: row.senderId,
    graph_id: row.graphId,
    sender_name: row.senderName === null ? null : storableText(row.senderName).text,
    conversation_status: row.conversationStatus ?? null,
    source_updated_at: row.updatedAt,
    as_of: row.asOf,
    content_hash: row.contentHash,
    events: row.events.map(eventInput),
  };
}

function eventInput(event: EventRecord) {
  const text = event.text === null ? null : storableText(event.text);
  const metadata = storableJson(event.metadata);
  const originals = {
    ...(text?.original ? { textOriginal: text.original } : {}),
    ...(metadata.original ? { metadataOriginal: metadata.original } : {}),
  };
  return {
    event_type: event.type,
    event_timestamp: event.at,
    message_id: event.messageId,
    direction: event.direction,
    text: text?.text ?? null,
    metadata: { ...(metadata.value as Record<string, unknown>), ...originals },
    ...(event.subjectId === undefined ? {} : { subject_id: event.subjectId }),
    ...(event.notified === undefined ? {} : { notified: storableJson(event.notified).value }),
    as_of: event.asOf,
    content_hash: event.contentHash,
  };
}
