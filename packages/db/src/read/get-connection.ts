import type { Connection } from '@tidemark/core/contracts';
import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections } from '../schema/index.ts';
import { CONNECTION_COLUMNS, toConnection } from './connection-row.ts';

/** A connection, and the account behind its configuration. */
export interface FoundConnection {
  connection: Connection;
  accountId: string;
}

/** A connection of the tenant that is not deleted, or null. */
export async function getConnection(
  db: Database,
  target: { tenantId: string; connectionId: string },
): Promise<FoundConnection | null> {
  const [row] = await db.orm
    .select(CONNECTION_COLUMNS)
    .from(connections)
    .where(
      and(
        eq(connections.id, target.connectionId),
        eq(connections.tenantId, target.tenantId),
        isNull(connections.deletedAt),
      ),
    );
  return row === undefined ? null : { connection: toConnection(row), accountId: row.accountId };
}
