import { z } from 'zod';
import { READING_KINDS } from '../validation/index.ts';

const count = z.int().nonnegative();

/** What one schema saw. `passed + repaired + quarantined` is what it saw in all. */
const reading = {
  kind: z.enum(READING_KINDS).meta({ description: 'Whole answers of the source, or records' }),
  schema: z.string().meta({ description: 'Of records: the stream they are counted under' }),
  passed: count,
  repaired: count.meta({ description: 'Read by a fallback for a known variation' }),
  quarantined: count.meta({ description: 'Records kept aside; answers that could not be read' }),
  fallbacks: z
    .record(z.string(), count)
    .meta({ description: 'How many needed which fallback, by the place it is for' }),
};

export const validationSchema = z
  .object({
    connectionId: z.uuid(),
    since: z.iso.date(),
    until: z.iso.date(),
    schemas: z.array(z.object(reading)),
    byDay: z.array(z.object({ day: z.iso.date(), ...reading })),
  })
  .meta({ id: 'ValidationStatistics' });
export type ValidationStatistics = z.infer<typeof validationSchema>;

const DAY_ERROR = 'must be a day, such as 2026-11-20';

/** Days in UTC, both included; the last 30 unless said otherwise. */
export const validationQuerySchema = z.strictObject({
  since: z.iso.date({ error: DAY_ERROR }).optional(),
  until: z.iso.date({ error: DAY_ERROR }).optional(),
});
