import type { QuarantinedRecord } from '@tidemark/core/contracts';
import { and, desc, eq, getTableColumns, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, quarantine } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';
import { toQuarantined } from './quarantine-row.ts';

export interface QuarantineQuery {
  tenantId: string;
  limit: number;
  /** The id of the last one seen. */
  after: string | null;
  connectionId?: string | undefined;
  stream?: string | undefined;
  status?: string | undefined;
}

/** Quarantined records of the tenant's connections, newest first. */
export async function listQuarantine(
  db: Database,
  query: QuarantineQuery,
): Promise<ListPage<QuarantinedRecord, string>> {
  const rows = await db.orm
    .select(getTableColumns(quarantine))
    .from(quarantine)
    .innerJoin(connections, eq(connections.id, quarantine.connectionId))
    .where(
      and(
        eq(connections.tenantId, query.tenantId),
        query.connectionId === undefined ? undefined : eq(quarantine.connectionId, query.connectionId),
        query.stream === undefined ? undefined : eq(quarantine.stream, query.stream),
        query.status === undefined ? undefined : eq(quarantine.status, query.status),
        query.after === null ? undefined : lt(quarantine.id, query.after),
      ),
    )
    .orderBy(desc(quarantine.id))
    .limit(query.limit + 1);
  return pageOf(rows.map(toQuarantined), query.limit, (record) => record.id);
}
