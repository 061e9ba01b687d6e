import type { Connection } from '@tidemark/core/contracts';
import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections } from '../schema/index.ts';
import { CONNECTION_COLUMNS, toConnection } from './connection-row.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** The tenant's connections, newest first; `after` is the id of the last one seen. */
export async function listConnections(
  db: Database,
  query: { tenantId: string; limit: number; after: string | null },
): Promise<ListPage<Connection, string>> {
  const rows = await db.orm
    .select(CONNECTION_COLUMNS)
    .from(connections)
    .where(
      and(
        eq(connections.tenantId, query.tenantId),
        isNull(connections.deletedAt),
        query.after === null ? undefined : lt(connections.id, query.after),
      ),
    )
    .orderBy(desc(connections.id))
    .limit(query.limit + 1);
  return pageOf(rows.map(toConnection), query.limit, (connection) => connection.id);
}
