import { SCOPES, type Scope } from '@tidemark/core/contracts';
import { authenticateApiKey, type Database } from '@tidemark/db';
import { hashApiKey } from './api-key.ts';

/** Whom a request speaks for. */
export interface Principal {
  keyId: string;
  tenantId: string;
  scopes: readonly Scope[];
  keyHash: string;
}

export interface Authenticator {
  /** The holder of a key; null when it is unknown or revoked. */
  authenticate(key: string): Promise<Principal | null>;
  /** Whether the key of a principal still holds, for requests that last. */
  stillHolds(principal: Principal): Promise<boolean>;
  /** Forgets what is remembered of a key, so that its revocation is felt at once in this process. */
  forget(keyId: string): void;
}

/** A key that was revoked elsewhere works for at most this long. */
const CACHE_MS = 2_000;
const CACHED_MAX = 1_000;

/** Keys found are remembered for a moment; keys not found are not, so that a new key works at once. */
export function createAuthenticator(db: Database, cacheMs = CACHE_MS): Authenticator {
  const cache = new Map<string, { principal: Principal; until: number }>();

  async function find(keyHash: string): Promise<Principal | null> {
    const cached = cache.get(keyHash);
    if (cached !== undefined && cached.until > Date.now()) return cached.principal;
    cache.delete(keyHash);
    const holder = await authenticateApiKey(db, keyHash);
    if (holder === null) return null;
    const scopes = SCOPES.filter((scope) => holder.scopes.includes(scope));
    const principal = { keyId: holder.keyId, tenantId: holder.tenantId, scopes, keyHash };
    cache.set(keyHash, { principal, until: Date.now() + cacheMs });
    const oldest = cache.keys().next();
    if (cache.size > CACHED_MAX && oldest.done !== true) cache.delete(oldest.value);
    return principal;
  }

  return {
    authenticate: (key) => find(hashApiKey(key)),
    stillHolds: async (principal) => (await find(principal.keyHash)) !== null,
    forget: (keyId) => {
      for (const [keyHash, cached] of cache) {
        if (cached.principal.keyId === keyId) cache.delete(keyHash);
      }
    },
  };
}

/** `admin` implies every scope. */
export function allows(principal: Principal, scope: Scope): boolean {
  return principal.scopes.includes('admin') || principal.scopes.includes(scope);
}
