import { z } from 'zod';
import { timestampSchema } from './lists.ts';
import { recordCountsSchema } from './syncs.ts';

const count = z.int().nonnegative();

/** What is counted over a set of syncs. Every figure comes from stored rows; null where there is nothing to count. */
const figures = {
  syncs: count,
  byStatus: z.object({
    queued: count,
    running: count,
    paused: count,
    completed: count,
    failed: count,
    cancelled: count,
  }),
  partial: count.meta({ description: 'Completed syncs that had to leave pages out' }),
  successRate: z
    .number()
    .nullable()
    .meta({ description: 'Completed and not partial, of all that completed or failed. From 0 to 1.' }),
  durationSeconds: z
    .object({ average: z.number(), p50: z.number(), p95: z.number(), max: z.number() })
    .nullable()
    .meta({ description: 'Of completed syncs, from start to end' }),
  pages: count,
  apiCalls: count,
  records: recordCountsSchema,
};

export const statisticsFiguresSchema = z.object(figures).meta({ id: 'StatisticsFigures' });
export type StatisticsFigures = z.infer<typeof statisticsFiguresSchema>;

export const statisticsSchema = z
  .object({
    since: timestampSchema,
    until: timestampSchema,
    totals: statisticsFiguresSchema,
    byDay: z.array(z.object({ day: z.iso.date(), ...figures })),
    byConnection: z.array(
      z.object({ connectionId: z.uuid(), connector: z.string(), name: z.string(), ...figures }),
    ),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statisticsSchema>;

/** The syncs counted are those created in the window; the last 30 days unless said otherwise. */
export const statisticsQuerySchema = z.strictObject({
  connectionId: z.uuid({ error: 'must be a UUID' }).optional(),
  since: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with a zone' }).optional(),
  until: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with a zone' }).optional(),
});
export type StatisticsQuery = z.infer<typeof statisticsQuerySchema>;
