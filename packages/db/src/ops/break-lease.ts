import type { Database } from '../database.ts';
import { REVOKED_LEASES_CHANNEL } from './revoke-lease.ts';

/**
 * Takes a lease of one of the tenant's connections away from its holder. Whoever held it cannot write any more:
 * its fencing token is gone, and it is told of that. False: the tenant has no such lease.
 */
export async function breakLease(db: Database, target: { tenantId: string; key: string }): Promise<boolean> {
  const broken = await db.sql`
    WITH broken AS (
      DELETE FROM sync_locks l
      USING connections c
      WHERE l.key = ${target.key} AND l.key = 'sync-' || c.id::text AND c.tenant_id = ${target.tenantId}
      RETURNING l.fencing_token
    )
    SELECT pg_notify(${REVOKED_LEASES_CHANNEL}, fencing_token::text) FROM broken`;
  return broken.count > 0;
}
