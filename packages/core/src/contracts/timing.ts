import { z } from 'zod';
import { timezoneSchema } from './timezone.ts';

const count = z.int().nonnegative();

export const timingQuerySchema = z.strictObject({ timezone: timezoneSchema.default('UTC') });

export const timingSchema = z
  .object({
    timezone: z.string(),
    received: count.meta({ description: 'Messages of contacts, in all' }),
    sent: count.meta({ description: 'Messages of the Page, in all' }),
    hours: z
      .array(
        z.object({
          hourOfWeek: z.int().min(0).max(167).meta({
            description: '0 is Monday from 00:00 to 00:59, as clocks showed it in the time zone',
          }),
          received: count,
          sent: count,
        }),
      )
      .meta({ description: 'All 168 hours, in order' }),
  })
  .meta({ id: 'Timing' });
export type Timing = z.infer<typeof timingSchema>;
