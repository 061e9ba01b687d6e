import type { Lease } from '@tidemark/core/contracts';
import { isStuckLease } from '@tidemark/core/sync';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncLocks } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** Leases on the tenant's connections, expired ones too, by key; `after` is the key of the last one seen. */
export async function listLeases(
  db: Database,
  query: { tenantId: string; limit: number; after: string | null },
): Promise<ListPage<Lease, string>> {
  const rows = await db.orm
    .select({
      row: syncLocks,
      connectionId: connections.id,
      heldMs: sql`extract(epoch FROM clock_timestamp() - ${syncLocks.acquiredAt}) * 1000`.mapWith(Number),
      expiredMs: sql`extract(epoch FROM clock_timestamp() - ${syncLocks.expiresAt}) * 1000`.mapWith(Number),
    })
    .from(syncLocks)
    .innerJoin(connections, eq(syncLocks.key, sql`'sync-' || ${connections.id}::text`))
    .where(
      and(
        eq(connections.tenantId, query.tenantId),
        query.after === null ? undefined : gt(syncLocks.key, query.after),
      ),
    )
    .orderBy(asc(syncLocks.key))
    .limit(query.limit + 1);
  const leases = rows.map(({ row, connectionId, heldMs, expiredMs }) => {
    const expired = expiredMs >= 0;
    const stuck = isStuckLease({ heldMs, expiredForMs: expired ? expiredMs : null });
    return {
      key: row.key,
      connectionId,
      owner: row.owner,
      fencingToken: String(row.fencingToken),
      acquiredAt: row.acquiredAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      expired,
      stuck,
      stuckSince: stuck ? (expired ? row.expiresAt : row.acquiredAt).toISOString() : null,
    };
  });
  return pageOf(leases, query.limit, (lease) => lease.key);
}
