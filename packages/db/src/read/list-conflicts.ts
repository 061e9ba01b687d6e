import { CONFLICT_RESOLUTIONS, type Conflict } from '@tidemark/core/contracts';
import { and, desc, eq, getTableColumns, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncConflicts } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

export interface ConflictsQuery {
  tenantId: string;
  limit: number;
  /** The id of the last one seen. */
  after: string | null;
  id?: string | undefined;
  connectionId?: string | undefined;
  status?: string | undefined;
}

/** Conflicts of the tenant's connections, newest first. */
export async function listConflicts(
  db: Database,
  query: ConflictsQuery,
): Promise<ListPage<Conflict, string>> {
  const rows = await db.orm
    .select(getTableColumns(syncConflicts))
    .from(syncConflicts)
    .innerJoin(connections, eq(connections.id, syncConflicts.connectionId))
    .where(
      and(
        eq(connections.tenantId, query.tenantId),
        query.id === undefined ? undefined : eq(syncConflicts.id, query.id),
        query.connectionId === undefined ? undefined : eq(syncConflicts.connectionId, query.connectionId),
        query.status === undefined ? undefined : eq(syncConflicts.status, query.status),
        query.after === null ? undefined : lt(syncConflicts.id, query.after),
      ),
    )
    .orderBy(desc(syncConflicts.id))
    .limit(query.limit + 1);
  return pageOf(rows.map(toConflict), query.limit, (conflict) => conflict.id);
}

function toConflict(row: typeof syncConflicts.$inferSelect): Conflict {
  return {
    id: row.id,
    connectionId: row.connectionId,
    stream: row.stream,
    recordId: row.recordId,
    fields: row.fields,
    baseVersion: row.baseVersion,
    status: row.status === 'open' ? 'open' : 'resolved',
    resolution: CONFLICT_RESOLUTIONS.find((resolution) => resolution === row.resolution) ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}
