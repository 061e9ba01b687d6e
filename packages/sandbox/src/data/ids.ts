import { hash52 } from './random.ts';

/**
 * Ids that look like the real ones and never meet: they are derived from the page id and the seed, and a
 * message id also says where its message lives, so that `GET /{message-id}` needs no index of all messages.
 */
export interface IdSpace {
  /** Eight base-36 digits that open every message id of the page. */
  readonly messagePrefix: string;
  conversationId(index: number): string;
  contactId(index: number): string;
  /** `number` counts the messages of a conversation; `salt` is any whole number below 2^32. */
  messageId(index: number, number: number, salt: number): string;
}

// A prime, so that multiplying modulo it scatters indexes without ever mapping two onto one.
const SCATTER = 9_999_991;
const INDEX_DIGITS = 5;
const NUMBER_DIGITS = 5;
const PREFIX_DIGITS = 8;

export function createIdSpace(pageId: string, seed: string): IdSpace {
  const key = 10_000_000_000 + (hash52(`thread ${pageId} ${seed}`) % 89_999_999_999);
  const contactKey = 200_000_000 + (hash52(`contact ${pageId} ${seed}`) % 600_000_000);
  const messagePrefix = key.toString(36).padStart(PREFIX_DIGITS, 'A').slice(-PREFIX_DIGITS);
  return {
    messagePrefix,
    conversationId: (index) => `t_${key}${scatter(index, 7_654_321)}`,
    contactId: (index) => `${contactKey}${scatter(index, 3_141_593)}`,
    messageId: (index, number, salt) =>
      `m_${messagePrefix}${index.toString(36).padStart(INDEX_DIGITS, '0')}` +
      `${number.toString(36).padStart(NUMBER_DIGITS, '0')}${salt.toString(36).padStart(7, 'z')}`,
  };
}

function scatter(index: number, factor: number): string {
  // Split to stay exact: index x factor may exceed 2^53.
  const product = (BigInt(index) * BigInt(factor) + 1_234_567n) % BigInt(SCATTER);
  return product.toString().padStart(7, '0');
}

/** Where a generated message id says its message lives, or null for an id of another form. */
export function locateMessageId(id: string): { messagePrefix: string; index: number } | null {
  const start = 2 + PREFIX_DIGITS;
  if (!id.startsWith('m_') || id.length < start + INDEX_DIGITS) return null;
  const index = Number.parseInt(id.slice(start, start + INDEX_DIGITS), 36);
  return Number.isNaN(index) ? null : { messagePrefix: id.slice(2, start), index };
}
