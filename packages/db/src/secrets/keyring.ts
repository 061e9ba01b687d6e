import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keys by id, the newest first: the first one seals, every one opens. */
export interface Keyring {
  keys: readonly { id: string; key: Buffer }[];
}

/** Thrown when a sealed value cannot be opened; holds no part of the value. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code = 'credentials_unreadable';
}

/** Reads `id:base64,id:base64`, as TIDEMARK_ENCRYPTION_KEYS holds it. Throws SecretError when a key is not 32 bytes. */
export function parseKeyring(text: string): Keyring {
  const keys = text.split(',').map((part) => {
    const colon = part.indexOf(':');
    const key = Buffer.from(part.slice(colon + 1).trim(), 'base64');
    if (colon < 1 || key.length !== 32)
      throw new SecretError('An encryption key must be id:base64 of 32 bytes.');
    return { id: part.slice(0, colon).trim(), key };
  });
  return { keys };
}

/**
 * Seals a JSON value with AES-256-GCM. `context` (the connection's id) is authenticated along with it, so that a
 * sealed value copied to another row does not open there. Format: `v1.keyId.iv.tag.ciphertext`, base64url.
 */
export function seal(keyring: Keyring, context: string, value: unknown): string {
  const newest = keyring.keys[0];
  if (newest === undefined) throw new SecretError('There is no encryption key.');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', newest.key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'));
  return ['v1', newest.id, ...parts].join('.');
}

/** Opens what `seal` made. Throws SecretError when the key is gone, the context differs, or a byte was changed. */
export function open(keyring: Keyring, context: string, sealed: string): unknown {
  const [version, keyId, iv, tag, body] = sealed.split('.');
  const key = keyring.keys.find((candidate) => candidate.id === keyId)?.key;
  if (version !== 'v1' || iv === undefined || tag === undefined || body === undefined) {
    throw new SecretError('The stored credentials are not in a known form.');
  }
  if (key === undefined) {
    throw new SecretError(`The encryption key "${keyId}" is missing from TIDEMARK_ENCRYPTION_KEYS.`);
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
      .setAAD(Buffer.from(context))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    const text = Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw new SecretError('The stored credentials cannot be decrypted with the configured key.', { cause });
  }
}
