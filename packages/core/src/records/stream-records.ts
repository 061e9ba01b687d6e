import type { ConversationRecord } from './conversation.ts';
import type { PlainRecord } from './plain-record.ts';
import type { GoneSessionFile, SessionFileChunk } from './session-file.ts';

/** The records of one page, by what stores them. A stream is stored by the one writer of its kind in db. */
export type StreamRecords =
  | { kind: 'conversations'; rows: ConversationRecord[] }
  | { kind: 'sessionFiles'; rows: SessionFileChunk[]; gone: GoneSessionFile[] }
  /** For sources that need no tables of their own. */
  | { kind: 'records'; stream: string; rows: PlainRecord[] };

/** Kinds of records that can come in by webhook. */
export type NotifiedRecords = Extract<StreamRecords, { kind: 'conversations' }>;

/** Kinds of records that can be marked deleted after a walk that showed everything but them. */
export type SweepableKind = Extract<StreamRecords['kind'], 'conversations'>;

/** A record as the acceptance suite and verification see it: which one it is, and what it says. */
export interface RecordIdentity {
  /** Stream and natural key. */
  key: string;
  contentHash: string;
}

/** The records of a page one by one. */
export function identitiesOf(group: StreamRecords): RecordIdentity[] {
  switch (group.kind) {
    case 'conversations':
      return group.rows.flatMap(identitiesOfConversation);
    case 'sessionFiles':
      return group.rows.flatMap(({ path, lines }) =>
        lines.map(({ offset, contentHash }) => ({ key: `lines ${path} ${offset}`, contentHash })),
      );
    case 'records':
      return group.rows.map(({ externalId, contentHash }) => ({
        key: `${group.stream} ${externalId}`,
        contentHash,
      }));
  }
}

/** Conversations that are only named by a page of messages are none. */
function identitiesOfConversation(row: ConversationRecord): RecordIdentity[] {
  const events = row.events.map((event) => {
    const key =
      event.messageId ?? [row.senderId, event.at, event.type, event.subjectId ?? ''].join(' ').trim();
    return { key: `messages ${key}`, contentHash: event.contentHash };
  });
  const own = { key: `conversations ${row.pageId} ${row.senderId}`, contentHash: row.contentHash ?? '' };
  return row.contentHash === null ? events : [own, ...events];
}
