/** Kinds of events a contact and a Page exchange; `message` is the one that counts as a message. */
export const EVENT_TYPES = [
  'message',
  'postback',
  'referral',
  'optin',
  'reaction',
  'edit',
  'unsend',
  'read',
  'delivery',
  'other',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One row of `contact_interaction_events`. Times are ISO 8601 UTC. */
export interface EventRecord {
  type: EventType;
  /** When it happened, by the source's clock. */
  at: string;
  /** The source's id of the message; null for events that have none. */
  messageId: string | null;
  /** Null where the source no longer tells who wrote it. */
  direction: 'in' | 'out' | null;
  text: string | null;
  metadata: Record<string, unknown>;
  /** Of an event without a message id: the message it is about, or whatever else tells it from others of its moment. */
  subjectId?: string;
  /** Of a message: what its notification told and no later reading of it repeats. `type` is what the row is. */
  notified?: { type: EventType } & Record<string, unknown>;
  /**
   * As of when the source vouches for this content: the time of its answer for what was read from a page, the
   * event's own time for a webhook. The newest wins (ARCHITECTURE.md, "Newest wins").
   */
  asOf: string;
  contentHash: string;
}

/** A conversation with the events that were read along with it: written together or not at all (M4). */
export interface ConversationRecord {
  pageId: string;
  /** The contact: page-scoped id of the person the Page talks to. */
  senderId: string;
  /** The Graph conversation id, when known. */
  graphId: string | null;
  senderName: string | null;
  /** For sources that know one; left out, the source says nothing about it. */
  conversationStatus?: string;
  /** The source's own time of the last change, when it told one. */
  updatedAt: string | null;
  asOf: string;
  /** Null: only the key is known here (a further page of messages); nothing about the conversation itself is written. */
  contentHash: string | null;
  events: EventRecord[];
}

/** A record that failed validation, kept whole. `path` is where it failed, as an RFC 6901 pointer into the raw payload. */
export interface InvalidRecord {
  stream: string;
  externalId: string | null;
  reason: string;
  path: string;
  raw: unknown;
  /** What it belongs to where it does not say so itself, such as the contact of a message: a replay needs it. */
  parentId?: string;
  /** As of when the source vouched for it, ISO 8601: a replay is not newer than what was read since. */
  asOf?: string;
}
