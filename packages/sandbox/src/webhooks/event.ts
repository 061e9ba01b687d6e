/** What happened on a page, by the field a page must be subscribed to for hearing of it. */
export const WEBHOOK_FIELDS = {
  message: 'messages',
  echo: 'message_echoes',
  edit: 'message_edits',
  reaction: 'message_reactions',
  read: 'message_reads',
  delivery: 'message_deliveries',
  postback: 'messaging_postbacks',
  referral: 'messaging_referrals',
  optin: 'messaging_optins',
  handover: 'messaging_handovers',
  policy: 'messaging_policy_enforcement',
  /** A kind that no client knows yet; it comes along with messages. */
  unknown: 'messages',
} as const satisfies Record<string, string>;

export type WebhookEventKind = keyof typeof WEBHOOK_FIELDS;

/** Listening to threads that another app holds is a field of its own. */
export const STANDBY_FIELD = 'standby';

/** All fields, for a page that wants to hear of everything. */
export const ALL_FIELDS: readonly string[] = [...new Set([...Object.values(WEBHOOK_FIELDS), STANDBY_FIELD])];

/** One thing that happened on a page. */
export interface PageEvent {
  /** Counts from 1 in the order in which things happened. */
  readonly seq: number;
  readonly kind: WebhookEventKind;
  readonly pageId: string;
  /** Null where the event names no person. */
  readonly contactId: string | null;
  /** The `mid` it names: of the message that was written, edited or reacted to, or of the postback itself. */
  readonly messageId: string | null;
  /** Milliseconds since the epoch; a message's whole seconds are those of its `created_time`. */
  readonly at: number;
  readonly standby: boolean;
  /** JSON of the item as it stands in `messaging` or `standby`. */
  readonly json: string;
}
