import type { Database } from '../database.ts';

/** Whom a key speaks for, and what it may do. */
export interface KeyHolder {
  keyId: string;
  tenantId: string;
  scopes: string[];
}

/**
 * Finds the holder of a key that is not revoked by its SHA-256; null when there is none. Notes the use, at most
 * once a minute, so that a busy key does not rewrite its row with every request.
 */
export async function authenticateApiKey(db: Database, keyHash: string): Promise<KeyHolder | null> {
  const [found] = await db.sql<KeyHolder[]>`
    WITH holder AS (
      SELECT id, tenant_id, scopes, last_used_at FROM api_keys
      WHERE key_hash = ${keyHash} AND revoked_at IS NULL
    ), used AS (
      UPDATE api_keys k
         SET last_used_at = clock_timestamp()
        FROM holder
       WHERE k.id = holder.id AND k.revoked_at IS NULL
         AND coalesce(holder.last_used_at < clock_timestamp() - interval '1 minute', true)
    )
    SELECT id AS "keyId", tenant_id AS "tenantId", scopes FROM holder`;
  return found ?? null;
}
