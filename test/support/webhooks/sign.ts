import { createHmac } from 'node:crypto';

export const APP_SECRET = 'an-app-secret-for-tests';
export const VERIFY_TOKEN = 'a-verify-token-for-tests';

/** The headers Meta sends with a body. */
export function signed(body: string | Buffer, secret = APP_SECRET) {
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  return { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${digest}` };
}

/** A delivery of Meta's, as text. Meta escapes what is not ASCII, and signs that. */
export function deliveryOf(pageId: string, events: readonly unknown[], time = 1_772_998_024_000): string {
  const delivery = { object: 'page', entry: [{ id: pageId, time, messaging: events }] };
  return escaped(JSON.stringify(delivery));
}

export function escaped(json: string): string {
  return json.replaceAll(/[^\x20-\x7e]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}

/** An event of a contact to a Page. `atMs` is epoch milliseconds. */
export function eventOf(
  pageId: string,
  contact: string,
  atMs: number,
  what: Record<string, unknown>,
): Record<string, unknown> {
  return { sender: { id: contact }, recipient: { id: pageId }, timestamp: atMs, ...what };
}
