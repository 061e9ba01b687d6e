/**
 * What subscribers can be told. The names are part of the interface: one that was released keeps its meaning and its
 * fields. `docs/api.md` lists the fields of each.
 */
export const OUTGOING_EVENT_TYPES = [
  'sync.completed',
  'sync.failed',
  'sync.cancelled',
  'connection.needs_reauth',
  'conversation.created',
  'message.received',
  'message.sent',
  'automation.notified',
] as const;
export type OutgoingEventType = (typeof OUTGOING_EVENT_TYPES)[number];
