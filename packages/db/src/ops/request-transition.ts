import { isTerminal, type SyncEvent, type SyncStatus, transition } from '@tidemark/core/sync';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { lockLease, revokeLease } from './revoke-lease.ts';

/** A sync of a tenant, and who asks, for the history: `api`, `cli`. */
export interface SyncRequest {
  tenantId: string;
  syncId: string;
  cause: string;
}

export type Refusal =
  /** The tenant has no such sync. */
  | { kind: 'notFound' }
  /** The table has no way from the status the sync is in. */
  | { kind: 'illegal'; from: SyncStatus };

/** Where a sync stands, under the lock of its row. */
export interface StandingSync {
  syncId: string;
  connectionId: string;
  seq: number;
  pickup: number;
}

/** Rolls the transaction back without being an error of anybody. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly from: SyncStatus;
  constructor(from: SyncStatus) {
    super(from);
    this.from = from;
  }
}

/**
 * Moves a sync because a person asked for it: the transition table decides under the lock of the sync's row, and
 * `move` writes what follows in the same transaction.
 *
 * Locks, in the order every writer takes them: the lease of the connection, then the sync's row. A page commit takes
 * the same two, so it is either finished before the request is, or finds its lease gone and writes nothing. The lease
 * is revoked, whoever holds it: what is left behind by a stopped worker does not block the next one.
 *
 * Refusals change nothing. A terminal status refuses without a lock, since it stays as it is.
 */
export async function requestTransition<T>(
  db: Database,
  request: SyncRequest,
  event: SyncEvent,
  move: (tx: postgres.TransactionSql, sync: StandingSync, to: SyncStatus) => Promise<T>,
): Promise<Refusal | { kind: 'moved'; value: T }> {
  const [known] = await db.sql<{ connectionId: string; status: SyncStatus }[]>`
    SELECT s.connection_id AS "connectionId", s.status
    FROM syncs s JOIN connections c ON c.id = s.connection_id
    WHERE s.id = ${request.syncId} AND c.tenant_id = ${request.tenantId}`;
  if (known === undefined) return { kind: 'notFound' };
  if (isTerminal(known.status)) return { kind: 'illegal', from: known.status };
  const { syncId } = request;
  const { connectionId } = known;
  try {
    return await db.sql.begin(async (tx) => {
      const fencingToken = await lockLease(tx, connectionId);
      const [standing] = await tx<{ status: SyncStatus; seq: number; pickup: number }[]>`
        SELECT status, seq, pickup FROM syncs WHERE id = ${syncId} FOR UPDATE`;
      // Only the deletion of a connection removes a sync, and only one that has ended.
      if (standing === undefined) throw new Error(`The sync ${syncId} vanished while it was live.`);
      const { status, seq, pickup } = standing;
      const to = transition(status, event);
      if (to === 'reject') throw new Refused(status);
      const value = await move(tx, { syncId, connectionId, seq, pickup }, to);
      await revokeLease(tx, connectionId, fencingToken);
      return { kind: 'moved' as const, value };
    });
  } catch (error) {
    if (error instanceof Refused) return { kind: 'illegal', from: error.from };
    throw error;
  }
}
