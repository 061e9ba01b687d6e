import { type Database, withoutWaiting } from '../database.ts';

/** Announces a worker process, or says that it is alive. */
export async function beatWorker(
  db: Database,
  worker: { id: string; host: string; pid: number; concurrency: number },
): Promise<void> {
  await db.sql`
    WITH ${withoutWaiting(db.sql)}
    INSERT INTO workers (id, host, pid, concurrency, started_at, heartbeat_at)
    SELECT ${worker.id}, ${worker.host}, ${worker.pid}::int, ${worker.concurrency}::int, clock_timestamp(), clock_timestamp()
    FROM without_waiting
    ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`;
}

/** Takes a worker that stopped in order off the list. */
export async function removeWorker(db: Database, workerId: string): Promise<void> {
  await db.sql`DELETE FROM workers WHERE id = ${workerId}`;
}
