import type { Database } from '../database.ts';

/** How many worker processes gave a sign of life within the last `withinSeconds`. */
export async function countLiveWorkers(db: Database, withinSeconds: number): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM workers
    WHERE heartbeat_at > clock_timestamp() - make_interval(secs => ${withinSeconds})`;
  return row?.count ?? 0;
}
