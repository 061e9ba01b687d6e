export {
  type ConversationRecord,
  EVENT_TYPES,
  type EventRecord,
  type EventType,
  identitiesOf,
  type InvalidRecord,
  type RecordIdentity,
  type StreamRecords,
  type SweepableKind,
} from './conversation.ts';
