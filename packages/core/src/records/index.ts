export {
  type ConversationRecord,
  EVENT_TYPES,
  type EventRecord,
  type EventType,
  type InvalidRecord,
} from './conversation.ts';
export type { PlainRecord } from './plain-record.ts';
export type {
  GoneSessionFile,
  SessionFileChunk,
  SessionLine,
  SessionMessagePart,
  TokenUsage,
} from './session-file.ts';
export {
  identitiesOf,
  type RecordIdentity,
  type StreamRecords,
  type NotifiedRecords,
  type SweepableKind,
} from './stream-records.ts';
