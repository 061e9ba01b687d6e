import { type ApiKey, SCOPES } from '@tidemark/core/contracts';
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { apiKeys } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

/** The tenant's keys, revoked ones too, newest first; `after` is the id of the last one seen. */
export async function listApiKeys(
  db: Database,
  query: { tenantId: string; limit: number; after: string | null },
): Promise<ListPage<ApiKey, string>> {
  const rows = await db.orm
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.tenantId, query.tenantId),
        query.after === null ? undefined : lt(apiKeys.id, query.after),
      ),
    )
    .orderBy(desc(apiKeys.id))
    .limit(query.limit + 1);
  return pageOf(rows.map(toApiKey), query.limit, (key) => key.id);
}

/** One key of the tenant, or null. */
export async function getApiKey(
  db: Database,
  target: { tenantId: string; keyId: string },
): Promise<ApiKey | null> {
  const [row] = await db.orm
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.tenantId, target.tenantId), eq(apiKeys.id, target.keyId)));
  return row === undefined ? null : toApiKey(row);
}

function toApiKey(row: typeof apiKeys.$inferSelect): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
