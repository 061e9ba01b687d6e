import type { PoolDeclaration } from '@tidemark/core/connector';
import type { Database } from '../database.ts';
import { linkPools } from './link-pools.ts';

/** What is left out stays as it is. */
export interface ConnectionChanges {
  name?: string | undefined;
  /** A new configuration of the same account, with the pools that follow from it. */
  config?: { value: unknown; pools: readonly PoolDeclaration[] } | undefined;
  /** Newly sealed credentials; they set the status back to active. */
  credentials?: string | undefined;
  conflictPolicy?: string | undefined;
  sweepMaxShare?: number | undefined;
}

/** Changes a connection that is not deleted. False: the tenant has no such connection. */
export async function updateConnection(
  db: Database,
  target: { tenantId: string; connectionId: string },
  changes: ConnectionChanges,
): Promise<boolean> {
  const config = changes.config === undefined ? null : JSON.stringify(changes.config.value);
  const credentials = changes.credentials ?? null;
  return db.sql.begin(async (tx) => {
    const updated = await tx`
      UPDATE connections
         SET name = coalesce(${changes.name ?? null}, name),
             config = coalesce(${config}::text::jsonb, config),
             credentials = coalesce(${credentials}, credentials),
             status = CASE WHEN ${credentials}::text IS NULL THEN status ELSE 'active' END,
             conflict_policy = coalesce(${changes.conflictPolicy ?? null}, conflict_policy),
             sweep_max_share = coalesce(${changes.sweepMaxShare ?? null}, sweep_max_share),
             updated_at = clock_timestamp()
       WHERE id = ${target.connectionId} AND tenant_id = ${target.tenantId} AND deleted_at IS NULL`;
    if (updated.count === 0) return false;
    if (changes.config !== undefined) await linkPools(tx, target.connectionId, changes.config.pools);
    return true;
  });
}
