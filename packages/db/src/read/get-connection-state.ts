import type { ConnectionState, SubscriptionState } from '@tidemark/core/contracts';
import { LIVE_STATUSES, type SyncStatus } from '@tidemark/core/sync';
import { asc, desc, eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { leaseKey } from '../ops/claim-page.ts';
import { syncLocks, syncState, syncs, webhookSubscriptions } from '../schema/index.ts';

/** Where a connection stands. One snapshot, so that status, lease and checkpoints fit together. */
export async function getConnectionState(db: Database, connectionId: string): Promise<ConnectionState> {
  return db.orm.transaction(
    async (tx) => {
      const [last] = await tx
        .select({ id: syncs.id, status: syncs.status })
        .from(syncs)
        .where(eq(syncs.connectionId, connectionId))
        .orderBy(desc(syncs.id))
        .limit(1);
      const [lease] = await tx
        .select()
        .from(syncLocks)
        .where(eq(syncLocks.key, leaseKey(connectionId)));
      const streams = await tx
        .select()
        .from(syncState)
        .where(eq(syncState.connectionId, connectionId))
        .orderBy(asc(syncState.stream));
      const [subscription] = await tx
        .select()
        .from(webhookSubscriptions)
        .where(eq(webhookSubscriptions.connectionId, connectionId));
      const live = last !== undefined && isLive(last.status) ? last : null;
      return {
        connectionId,
        status: live?.status ?? 'idle',
        activeSyncId: live?.id ?? null,
        lastSyncId: last?.id ?? null,
        lease: lease === undefined ? null : { ...leaseOf(lease) },
        subscription: subscription === undefined ? null : subscriptionOf(subscription),
        streams: streams.map((row) => ({
          stream: row.stream,
          checkpoint: row.checkpoint ?? null,
          watermark: row.watermark ?? null,
          updatedAt: row.updatedAt.toISOString(),
        })),
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

function isLive(status: SyncStatus): boolean {
  return LIVE_STATUSES.some((live) => live === status);
}

function leaseOf(row: typeof syncLocks.$inferSelect): NonNullable<ConnectionState['lease']> {
  return {
    key: row.key,
    owner: row.owner,
    fencingToken: String(row.fencingToken),
    acquiredAt: row.acquiredAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function subscriptionOf(row: typeof webhookSubscriptions.$inferSelect): SubscriptionState {
  return {
    checkedAt: row.checkedAt?.toISOString() ?? null,
    subscribedSince: row.subscribedSince?.toISOString() ?? null,
    lostAt: row.lostAt?.toISOString() ?? null,
    lastEventAt: row.lastEventAt?.toISOString() ?? null,
    lastGapSyncId: row.lastGapSyncId,
    lastGapAt: row.lastGapAt?.toISOString() ?? null,
    lastGapReason: row.lastGapReason,
    error: row.error,
  };
}
