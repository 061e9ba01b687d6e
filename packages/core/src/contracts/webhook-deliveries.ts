import { z } from 'zod';
import { pageQuerySchema, timestampSchema } from './lists.ts';

export const DELIVERY_STATUSES = ['received', 'processed', 'unclaimed', 'ignored', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const count = z.int().nonnegative();

export const deliveryCountsSchema = z
  .object({
    events: count.meta({ description: 'Events of connected accounts that it told' }),
    written: count.meta({ description: 'Rows that were new or changed by it' }),
    quarantined: count,
    ignored: z
      .record(z.string(), count)
      .meta({ description: 'Events that belong to no record, by kind; they are kept in the body only' }),
  })
  .meta({ id: 'DeliveryCounts' });
export type DeliveryCounts = z.infer<typeof deliveryCountsSchema>;

export const NO_DELIVERY_COUNTS: DeliveryCounts = { events: 0, written: 0, quarantined: 0, ignored: {} };

export const webhookDeliverySchema = z
  .object({
    id: z.uuid(),
    source: z.string(),
    status: z.enum(DELIVERY_STATUSES).meta({
      description:
        '`received`: to be processed. `unclaimed`: an account of it has no connection yet. `ignored`: not for this ' +
        'connector. `dead`: given up.',
    }),
    attempts: count.meta({ description: 'Attempts that failed' }),
    error: z.string().nullable(),
    bytes: count,
    accounts: z.array(z.string()).nullable().meta({
      description: 'The accounts it speaks of; null before it was read, and when some are not yours.',
    }),
    waitingAccounts: z.array(z.string()).nullable(),
    counts: deliveryCountsSchema,
    receivedAt: timestampSchema,
    processedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

export const webhookDeliveryDetailsSchema = webhookDeliverySchema
  .extend({
    body: z.string().nullable().meta({
      description:
        'The body as it was received, base64. Null when it speaks of accounts that are not yours too.',
    }),
  })
  .meta({ id: 'WebhookDeliveryDetails' });

export const listDeliveriesQuerySchema = pageQuerySchema.extend({
  status: z.enum(DELIVERY_STATUSES, { error: `must be one of ${DELIVERY_STATUSES.join(', ')}` }).optional(),
  source: z.string().min(1).optional(),
});

export const replayDeliveriesSchema = z
  .strictObject({ status: z.literal('dead', { error: 'must be dead' }) })
  .meta({ id: 'ReplayDeliveries' });

export const replayedDeliveriesSchema = z
  .object({
    replayed: count,
    more: z.boolean().meta({ description: 'There may be more than were taken at once: ask again.' }),
  })
  .meta({ id: 'ReplayedDeliveries' });
