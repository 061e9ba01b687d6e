import type { Sync } from '@tidemark/core/contracts';
import type { SyncStatus } from '@tidemark/core/sync';
import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, syncs } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';
import { selectSyncs, toSync } from './sync-row.ts';

export interface SyncsQuery {
  tenantId: string;
  limit: number;
  /** The id of the last one seen. */
  after: string | null;
  connectionId?: string | undefined;
  status?: SyncStatus | undefined;
  connector?: string | undefined;
  /** Created at or after this time. */
  since?: Date | undefined;
  /** Created before this time. */
  until?: Date | undefined;
}

/** Syncs of the tenant's connections, newest first. */
export async function listSyncs(db: Database, query: SyncsQuery): Promise<ListPage<Sync, string>> {
  const rows = await selectSyncs(db)
    .where(
      and(
        eq(connections.tenantId, query.tenantId),
        query.connectionId === undefined ? undefined : eq(syncs.connectionId, query.connectionId),
        query.status === undefined ? undefined : eq(syncs.status, query.status),
        query.connector === undefined ? undefined : eq(connections.connector, query.connector),
        query.since === undefined ? undefined : gte(syncs.createdAt, query.since),
        query.until === undefined ? undefined : lt(syncs.createdAt, query.until),
        query.after === null ? undefined : lt(syncs.id, query.after),
      ),
    )
    .orderBy(desc(syncs.id))
    .limit(query.limit + 1);
  return pageOf(rows.map(toSync), query.limit, (sync) => sync.id);
}
