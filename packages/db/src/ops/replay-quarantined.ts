import type { InvalidRecord, StreamRecords } from '@tidemark/core/records';
import type { Database } from '../database.ts';
import { quarantineRecords } from './quarantine-records.ts';
import { writeRecords } from './write-records.ts';

export interface Replay {
  quarantineId: string;
  connectionId: string;
  records: readonly StreamRecords[];
  /** Parts of the record that still do not fit. */
  invalid: readonly InvalidRecord[];
}

/** `closed`: it was replayed or discarded meanwhile, and nothing was written. */
export type ReplayWritten = 'replayed' | 'closed';

/** Rolls the transaction back without being an error of anybody. */
class Closed extends Error {
  override readonly name = 'Closed';
}

/**
 * Writes a quarantined record that fits now, through the one writer of its kind, and marks it as replayed: both or
 * neither.
 *
 * Locks, in the order of a page's transaction so that the two cannot deadlock: the conversations, then the quarantine.
 * Of several replays at once one marks the row; the others are rolled back.
 */
export async function replayQuarantined(db: Database, replay: Replay): Promise<ReplayWritten> {
  const { quarantineId, connectionId } = replay;
  try {
    return await db.sql.begin(async (tx) => {
      await writeRecords(tx, connectionId, replay.records);
      const marked = await tx`
        UPDATE quarantine SET status = 'replayed', closed_at = clock_timestamp()
         WHERE id = ${quarantineId} AND connection_id = ${connectionId} AND status = 'open'`;
      if (marked.count === 0) throw new Closed();
      await quarantineRecords(tx, { connectionId, syncId: null }, replay.invalid);
      return 'replayed' as const;
    });
  } catch (error) {
    if (error instanceof Closed) return 'closed';
    throw error;
  }
}
