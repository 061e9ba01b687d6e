import type { Timing } from '@tidemark/core/contracts';
import { type Database, databaseErrorCode } from '../database.ts';

const HOURS_OF_WEEK = 168;
/** PostgreSQL's "invalid parameter value". */
const UNKNOWN_TIMEZONE = '22023';

/**
 * When messages were written, by hour of the week in a time zone: those of a conversation, or of all of a connection when
 * `conversationId` is null. Null when PostgreSQL does not know the time zone.
 */
export async function readTiming(
  db: Database,
  target: { connectionId: string; conversationId: string | null; timezone: string },
): Promise<Timing | null> {
  const { connectionId, conversationId, timezone } = target;
  try {
    const rows = await db.sql<{ hour: number; received: number; sent: number }[]>`
      SELECT hour_of_week AS hour, received::float8, sent::float8
      FROM contact_timing(${connectionId}, ${conversationId}, ${timezone})`;
    const byHour = new Map(rows.map((row) => [row.hour, row]));
    const hours = Array.from({ length: HOURS_OF_WEEK }, (_, hourOfWeek) => {
      const { received = 0, sent = 0 } = byHour.get(hourOfWeek) ?? {};
      return { hourOfWeek, received, sent };
    });
    const sum = (side: 'received' | 'sent') => rows.reduce((total, row) => total + row[side], 0);
    return { timezone, received: sum('received'), sent: sum('sent'), hours };
  } catch (error) {
    if (databaseErrorCode(error) === UNKNOWN_TIMEZONE) return null;
    throw error;
  }
}
