/**
 * Records that are odd on purpose, and what a correct sync does with each: `stored` ones are readable
 * variations, `quarantined` ones lack what a row needs.
 */
export const CONVERSATION_ODDITIES = {
  'participant-without-id': { outcome: 'quarantined', why: 'the contact has a name but no id' },
  'null-participant': { outcome: 'stored', why: 'a null beside the contact and the page' },
  'null-participant-only': { outcome: 'quarantined', why: 'a null where the contact should be' },
  'duplicate-participant': { outcome: 'stored', why: 'the contact is listed twice' },
  'page-only': { outcome: 'quarantined', why: 'the page itself is the only participant' },
  'deleted-account': { outcome: 'quarantined', why: '"Facebook User" without id' },
  'deleted-account-empty-id': { outcome: 'quarantined', why: '"Facebook User" with an empty id' },
  'no-participants': { outcome: 'quarantined', why: 'the key participants is missing' },
  'participants-array': { outcome: 'stored', why: 'participants is a bare array' },
  'contact-without-name': { outcome: 'stored', why: 'the contact has an id but no name' },
  'numeric-id': { outcome: 'stored', why: 'ids of people are JSON numbers' },
  'huge-numeric-id': { outcome: 'stored', why: 'ids of people are JSON numbers above 2^53' },
  'missing-paging': { outcome: 'stored', why: 'the messages edge has no paging' },
} as const satisfies Record<string, OddityRule>;

export const MESSAGE_ODDITIES = {
  'message-without-text': { outcome: 'stored', why: 'the key message is missing' },
  'message-without-from': { outcome: 'stored', why: 'the keys from and to are missing' },
  'message-without-created-time': { outcome: 'quarantined', why: 'the key created_time is missing' },
  'text-nul': { outcome: 'stored', why: 'the text holds U+0000' },
  'text-lone-surrogate': { outcome: 'stored', why: 'the text holds halves of surrogate pairs' },
} as const satisfies Record<string, OddityRule>;

export interface OddityRule {
  readonly outcome: 'stored' | 'quarantined';
  readonly why: string;
}

export type ConversationOddity = keyof typeof CONVERSATION_ODDITIES;
export type MessageOddity = keyof typeof MESSAGE_ODDITIES;
export type OddKind = ConversationOddity | MessageOddity;

/** All kinds, in the order in which they are dealt out. */
export const ODD_KINDS = [
  ...Object.keys(CONVERSATION_ODDITIES),
  ...Object.keys(MESSAGE_ODDITIES),
] as OddKind[];

/** False for none, true for one of each kind, a list for one of each listed (a kind may be listed twice). */
export type OddChoice = boolean | readonly OddKind[];

export function chosenOddities(choice: OddChoice | undefined): readonly OddKind[] {
  if (choice === undefined || choice === false) return [];
  return choice === true ? ODD_KINDS : choice;
}

export function isMessageOddity(kind: OddKind): kind is MessageOddity {
  return kind in MESSAGE_ODDITIES;
}
