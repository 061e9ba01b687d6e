import type { IdSpace } from './ids.ts';
import type { ConversationOddity, MessageOddity } from './odd-kinds.ts';

/** The one app that all tokens belong to. */
export const APP_ID = '900000000000001';

export type Platform = 'messenger' | 'instagram';

/** What a message carries beside text. Absent parts are missing keys in an answer. */
export interface MessageExtras {
  readonly attachments?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly shares?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly sticker?: string | undefined;
  readonly reactions?: readonly string[] | undefined;
  readonly replyTo?: { readonly mid: string; readonly isSelfReply: boolean } | undefined;
  readonly tags?: readonly string[] | undefined;
  /** The message has no words of its own; the source then answers `"message": ""`. */
  readonly replacesText?: boolean | undefined;
  /** What only a webhook tells of the message. */
  readonly webhook?: WebhookOnly | undefined;
}

export interface WebhookOnly {
  /** The payload of the quick reply that the contact tapped. */
  readonly quickReply?: string | undefined;
  /** Another app holds the thread: ours merely listens. */
  readonly standby?: boolean | undefined;
}

export interface SimMessage {
  readonly id: string;
  /** Epoch seconds: the source knows no finer time. */
  readonly at: number;
  /** Counts the messages of a conversation; breaks ties within a second. */
  readonly number: number;
  text: string | null;
  readonly fromPage: boolean;
  extras: MessageExtras | null;
  readonly oddity: MessageOddity | null;
}

/** A person as the source shows one. A null part is a missing key. */
export interface Person {
  readonly name: string | null;
  readonly email: string | null;
  readonly id: string | null;
}

export interface SimConversation {
  readonly id: string;
  readonly page: SimPage;
  readonly index: number;
  readonly platform: Platform;
  folder: string;
  readonly contactId: string;
  contactName: string | null;
  /** Oldest first, by (at, number). Answers turn them round. */
  readonly messages: SimMessage[];
  /** Epoch seconds of the newest message. */
  updatedAt: number;
  /** Grows with each bump within the page, so that ties of `updatedAt` have an order. */
  order: number;
  unread: number;
  nextNumber: number;
  readonly oddity: ConversationOddity | null;
}

/** What of a page can be switched while it runs. */
export interface Behaviour {
  /** Older messages than the newest `detailLimit` show only id and time: for nobody, Instagram, or all. */
  readonly detailRule: 'off' | 'instagram' | 'all';
  readonly detailLimit: number;
  /** Edges that do not answer newest first. */
  readonly unordered: 'off' | 'conversations' | 'messages' | 'both';
  /** Larger limits are cut down to this, silently. */
  readonly maxLimit: number;
  /** Rows (limit x nested limit) above this are refused: "reduce the amount of data". Null for never. */
  readonly maxRows: number | null;
  /** Where that refusal puts its words. */
  readonly maxRowsTextIn: 'message' | 'error_user_msg';
  /** What a valid token of another page is answered with. */
  readonly foreignToken: '190' | '200';
  /** Versions below this are refused as deprecated, such as `v21.0`. Null for none. */
  readonly minimumVersion: string | null;
}

/** A token that has ended: calls with it get error 190 with this subcode. */
export interface TokenEnd {
  readonly subcode: number | null;
}

export interface SimPage {
  readonly id: string;
  readonly name: string;
  readonly ids: IdSpace;
  accessToken: string;
  tokenEnd: TokenEnd | null;
  appSecret: string | null;
  requireProof: boolean;
  /** Oldest first, by (updatedAt, order). */
  readonly conversations: SimConversation[];
  readonly byIndex: Map<number, SimConversation>;
  nextIndex: number;
  nextOrder: number;
  /** Grows with every change of data, so that a cursor can tell it was issued before one. */
  revision: number;
  readonly deleted: string[];
  readonly subscribedApps: Map<string, readonly string[]>;
  behaviour: Partial<Behaviour>;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  detailRule: 'off',
  detailLimit: 20,
  unordered: 'off',
  maxLimit: 500,
  maxRows: null,
  maxRowsTextIn: 'message',
  foreignToken: '200',
  minimumVersion: null,
};
