import { z } from 'zod';
import { timestampSchema } from './lists.ts';
import { SYNC_MODES } from './syncs.ts';
import { timezoneSchema } from './timezone.ts';

/** A shorter interval would only be skipped: most syncs take longer. */
export const TICK_SECONDS_MIN = 10;
const TICK_SECONDS_MAX = 366 * 86_400;

/** Why a tick that was due started no sync. */
export const TICK_SKIP_REASONS = [
  /** The connection had a live sync. */
  'sync_in_progress',
  /** The source refused the credentials; there is no use in asking again before they are replaced. */
  'connection_needs_reauth',
  /** This program knows no such connector: it was removed, or a newer version made the connection. */
  'unknown_connector',
] as const;
export type TickSkipReason = (typeof TICK_SKIP_REASONS)[number];

const mode = z
  .enum(SYNC_MODES)
  .default('incremental')
  .meta({ description: 'Of the syncs it starts. The first sync of a connection is full by itself.' });

const everySeconds = z
  .int({ error: 'Give whole seconds, or "cron" and "timezone" instead.' })
  .min(TICK_SECONDS_MIN, { error: `must be at least ${TICK_SECONDS_MIN}` })
  .max(TICK_SECONDS_MAX, { error: `must be at most ${TICK_SECONDS_MAX}` });

/** Whether the cron expression can be read is checked where one is read, beyond this schema. */
const cronSchedule = z.strictObject({
  cron: z
    .string({ error: 'Give a cron expression, such as "30 2 * * *".' })
    .min(1)
    .max(200)
    .meta({ description: 'Minute, hour, day, month, weekday; with a sixth field in front: seconds' }),
  timezone: timezoneSchema,
  mode,
});
const intervalSchedule = z.strictObject({ everySeconds, mode });

export const putScheduleSchema = z.union([cronSchedule, intervalSchedule]).meta({ id: 'PutSchedule' });
export type PutSchedule = z.infer<typeof putScheduleSchema>;

const count = z.int().nonnegative();

export const scheduleSchema = z
  .object({
    connectionId: z.uuid(),
    cron: z.string().nullable(),
    timezone: z.string().nullable(),
    everySeconds: z.int().nullable(),
    mode: z.enum(SYNC_MODES),
    nextTickAt: timestampSchema,
    lastTickAt: timestampSchema.nullable().meta({ description: 'When a tick last was carried out' }),
    lastSyncId: z.uuid().nullable().meta({ description: 'The sync that the schedule started last' }),
    ticksStarted: count.meta({ description: 'Ticks that started a sync' }),
    ticksSkipped: count.meta({ description: 'Ticks that did not, and why is `lastSkipReason`' }),
    lastSkippedAt: timestampSchema.nullable(),
    lastSkipReason: z.enum(TICK_SKIP_REASONS).nullable(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof scheduleSchema>;
