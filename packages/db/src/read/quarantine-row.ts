import { QUARANTINE_STATUSES, type QuarantinedRecord } from '@tidemark/core/contracts';
import type { quarantine } from '../schema/index.ts';

export function toQuarantined(row: typeof quarantine.$inferSelect): QuarantinedRecord {
  return {
    id: row.id,
    connectionId: row.connectionId,
    syncId: row.syncId,
    stream: row.stream,
    externalId: row.externalId,
    parentId: row.parentId,
    reason: row.reason,
    path: row.path,
    raw: row.raw,
    status: QUARANTINE_STATUSES.find((status) => status === row.status) ?? 'open',
    seenCount: row.seenCount,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
  };
}
