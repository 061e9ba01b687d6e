import type { PositionReader } from '@tidemark/core/connector';
import type { Database } from '../database.ts';

/** Reads the positions of a stream. What a page under way has changed is not seen before its commit. */
export function positionReader(
  db: Database,
  { connectionId, stream }: { connectionId: string; stream: string },
): PositionReader {
  return {
    between: async ({ after, through }) => {
      const rows = await db.sql<{ key: string; position: unknown }[]>`
        SELECT key, position FROM source_positions
        WHERE connection_id = ${connectionId} AND stream = ${stream}
          AND (${after}::text IS NULL OR key > ${after}) AND (${through}::text IS NULL OR key <= ${through})
        ORDER BY key`;
      return new Map(rows.map(({ key, position }) => [key, position]));
    },
  };
}
