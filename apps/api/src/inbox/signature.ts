import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const FORM = /^sha256=([0-9a-f]{64})$/;

/** The digest that an `X-Hub-Signature-256` header claims; null when the header has another form, or came twice. */
export function claimedDigest(header: string | readonly string[] | undefined): Buffer | null {
  const digest = typeof header === 'string' ? FORM.exec(header)?.[1] : undefined;
  return digest === undefined ? null : Buffer.from(digest, 'hex');
}

/** Whether the digest is that of these bytes under the secret. Takes as long whether it is or not. */
export function isSignedBy(secret: string, bytes: Buffer, digest: Buffer): boolean {
  return timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), digest);
}

/** Whether two texts are the same. Takes as long wherever they part, and whatever their lengths. */
export function isSameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
