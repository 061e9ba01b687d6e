import type postgres from 'postgres';
import type { SweepableKind } from '@tidemark/core/records';
import type { Database } from '../database.ts';
import { boundStall } from './bound-stall.ts';
import { forgetSeen, SWEEPERS } from './close-walk.ts';

export type ApproveSweepOutcome =
  | { kind: 'swept'; deleted: number }
  /**
   * Nothing of the sync waits for approval: it never did, as of a dry run or a verification; it was approved; or a later
   * full sync or a reset took over.
   */
  | { kind: 'notHeld' }
  /** The tenant has no such sync. */
  | { kind: 'notFound' };

interface HeldSweep {
  sweepId: string;
  connectionId: string;
  stream: string;
  kind: SweepableKind;
}

/**
 * Carries out what the guard stopped: marks as deleted what the walk did not see, except what was written since or
 * shown by a later sync. In one transaction with the counters of the sync.
 *
 * Locks: the sync's row, its sweeps, the conversations it deletes, of which it waits for none. A page that is being
 * committed has its hand on the sweeps as well, so its records are either seen here or revive what was deleted. Of two
 * approvals at once the second one finds nothing held.
 */
export async function approveSweep(
  db: Database,
  target: { tenantId: string; syncId: string },
): Promise<ApproveSweepOutcome> {
  return db.sql.begin(async (tx) => {
    await boundStall(tx);
    const [sync] = await tx<{ isDeleted: boolean }[]>`
      SELECT c.deleted_at IS NOT NULL AS "isDeleted"
      FROM syncs s JOIN connections c ON c.id = s.connection_id
      WHERE s.id = ${target.syncId} AND c.tenant_id = ${target.tenantId}
      FOR UPDATE OF s`;
    if (sync === undefined) return { kind: 'notFound' };
    if (sync.isDeleted) return { kind: 'notHeld' };
    const held = await tx<HeldSweep[]>`
      SELECT id AS "sweepId", connection_id AS "connectionId", stream, kind FROM sync_sweeps
      WHERE sync_id = ${target.syncId} AND status = 'held' AND NOT is_aside
      ORDER BY id
      FOR UPDATE`;
    if (held.length === 0) return { kind: 'notHeld' };
    let deleted = 0;
    for (const sweep of held) deleted += await carryOut(tx, target.syncId, sweep);
    return { kind: 'swept', deleted };
  });
}

async function carryOut(tx: postgres.TransactionSql, syncId: string, sweep: HeldSweep): Promise<number> {
  const deleted = await SWEEPERS[sweep.kind].mark(tx, sweep);
  await tx`
    UPDATE sync_sweeps SET status = 'swept', deleted = ${deleted}, decided_at = clock_timestamp()
    WHERE id = ${sweep.sweepId}`;
  await tx`UPDATE syncs SET records_deleted = records_deleted + ${deleted} WHERE id = ${syncId}`;
  await tx`
    INSERT INTO sync_results AS held (sync_id, stream, records_deleted) VALUES (${syncId}, ${sweep.stream}, ${deleted})
    ON CONFLICT (sync_id, stream) DO UPDATE SET records_deleted = held.records_deleted + excluded.records_deleted`;
  await forgetSeen(tx, sweep.sweepId);
  return deleted;
}
