import type { Database } from '../database.ts';

/** Stores a new key by its SHA-256 and returns its id. */
export async function createApiKey(
  db: Database,
  key: { tenantId: string; name: string; keyHash: string; scopes: readonly string[] },
): Promise<string> {
  const [row] = await db.sql<{ id: string }[]>`
    INSERT INTO api_keys (tenant_id, name, key_hash, scopes)
    VALUES (${key.tenantId}, ${key.name}, ${key.keyHash}, ${[...key.scopes]}::text[])
    RETURNING id`;
  if (row === undefined) throw new Error('INSERT INTO api_keys returned no row.');
  return row.id;
}
