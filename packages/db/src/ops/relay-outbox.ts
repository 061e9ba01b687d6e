import { type Database, withoutWaiting } from '../database.ts';

/** An effect that waits to be carried out. `payload` is what was written by the transaction that caused it. */
export interface OutboxRow {
  id: string;
  kind: string;
  payload: unknown;
}

/**
 * Hands over effects older than `olderThanMs` and deletes those that were carried out. Rows under way in another
 * process are passed over (SKIP LOCKED), and a crash in the middle leaves them for the next call: delivery is at
 * least once, and every effect is idempotent by id.
 */
export async function relayOutbox(
  db: Database,
  options: { olderThanMs: number; limit: number },
  deliver: (rows: OutboxRow[]) => Promise<void>,
): Promise<number> {
  return db.sql.begin(async (tx) => {
    const rows = await tx<OutboxRow[]>`
      SELECT id, kind, payload FROM outbox
      WHERE created_at < clock_timestamp() - make_interval(secs => ${options.olderThanMs / 1000})
      ORDER BY created_at
      LIMIT ${options.limit}
      FOR UPDATE SKIP LOCKED`;
    if (rows.length === 0) return 0;
    await deliver(rows);
    await tx`DELETE FROM outbox WHERE id = ANY (${rows.map((row) => row.id)}::uuid[])`;
    return rows.length;
  });
}

/**
 * Clears the effect that its own writer carried out right after the commit. Not waited for on disk: a row that comes
 * back after a crash is delivered once more, which does nothing.
 */
export async function clearOutbox(db: Database, outboxId: string): Promise<void> {
  await db.sql`
    WITH ${withoutWaiting(db.sql)} DELETE FROM outbox USING without_waiting WHERE id = ${outboxId}`;
}
