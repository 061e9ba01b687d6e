import { randomBytes } from 'node:crypto';
import { sha256Hex } from '@tidemark/core/hashing';

/** A new key: recognisable by scanners for leaked secrets, and 256 bits of randomness. */
export function generateApiKey(): string {
  return `tm_${randomBytes(32).toString('base64url')}`;
}

/**
 * What is stored of a key. A plain SHA-256 is enough for 256 random bits; keys are looked up by it, so that no
 * comparison of ours takes a time that tells anything about a stored key.
 */
export function hashApiKey(key: string): string {
  return sha256Hex(key);
}
