import type { Sync } from '@tidemark/core/contracts';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncs } from '../schema/index.ts';
import { selectSyncs, toSync } from './sync-row.ts';

/** A sync of one of the tenant's connections, or null. */
export async function getSync(
  db: Database,
  target: { tenantId: string; syncId: string },
): Promise<Sync | null> {
  const [row] = await selectSyncs(db).where(
    and(eq(syncs.id, target.syncId), eq(connections.tenantId, target.tenantId)),
  );
  return row === undefined ? null : toSync(row);
}
