import type { Database } from '../database.ts';

/** The tenant of an installation that serves only one. */
export const DEFAULT_TENANT = 'default';

export type AdminKeyOutcome =
  | { kind: 'created' }
  /** There was one already: this key, or any other when `keyHash` was only offered. */
  | { kind: 'present' }
  /** This very key was revoked, and stays so. */
  | { kind: 'revoked' };

/**
 * Makes the default tenant and its first key. With `onlyIfNone` the key is stored only when the tenant has no
 * key of the scope `admin`. Several processes may start at once: the tenant's row is locked, so one creates.
 */
export async function ensureAdminKey(
  db: Database,
  key: { keyHash: string; onlyIfNone: boolean },
): Promise<AdminKeyOutcome> {
  return db.sql.begin(async (tx) => {
    await tx`INSERT INTO tenants (name) VALUES (${DEFAULT_TENANT}) ON CONFLICT (name) DO NOTHING`;
    const [tenant] = await tx<{ id: string }[]>`
      SELECT id FROM tenants WHERE name = ${DEFAULT_TENANT} FOR UPDATE`;
    if (tenant === undefined) throw new Error('The default tenant could not be made.');
    const held = await tx<{ revoked: boolean }[]>`
      SELECT revoked_at IS NOT NULL AS revoked FROM api_keys
      WHERE CASE WHEN ${key.onlyIfNone}
        THEN tenant_id = ${tenant.id} AND 'admin' = ANY (scopes) AND revoked_at IS NULL
        ELSE key_hash = ${key.keyHash} END`;
    if (held.some((row) => !row.revoked)) return { kind: 'present' };
    if (held.length > 0) return { kind: 'revoked' };
    await tx`
      INSERT INTO api_keys (tenant_id, name, key_hash, scopes)
      VALUES (${tenant.id}, 'admin', ${key.keyHash}, '{admin}')`;
    return { kind: 'created' };
  });
}
