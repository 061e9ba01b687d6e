import type { Database } from '../database.ts';

export interface WatchableConnection {
  id: string;
  connector: string;
  config: unknown;
}

/** The connections of these connectors that can be synced. */
export async function listWatchable(
  db: Database,
  connectors: readonly string[],
): Promise<WatchableConnection[]> {
  return db.sql<WatchableConnection[]>`
    SELECT id, connector, config FROM connections
    WHERE connector = ANY (${[...connectors]}::text[]) AND deleted_at IS NULL AND status = 'active'
    ORDER BY id`;
}
