import type { Database } from '../database.ts';

/** Revokes a key for good; false when the tenant has no such key. Revoking it again changes nothing. */
export async function revokeApiKey(
  db: Database,
  target: { tenantId: string; keyId: string },
): Promise<boolean> {
  const revoked = await db.sql`
    UPDATE api_keys SET revoked_at = coalesce(revoked_at, clock_timestamp())
    WHERE id = ${target.keyId} AND tenant_id = ${target.tenantId}`;
  return revoked.count > 0;
}
