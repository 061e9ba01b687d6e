import { z } from 'zod';
import { OUTGOING_EVENT_TYPES } from '../outgoing/event-types.ts';
import { pageQuerySchema, timestampSchema } from './lists.ts';

export const SUBSCRIBER_STATUSES = ['active', 'disabled'] as const;

const eventTypes = z
  .array(z.enum(OUTGOING_EVENT_TYPES))
  .meta({ description: 'Which events are sent. Empty: all, those of later versions too.' });

const url = z.string().min(1).max(2_000).meta({
  description:
    'https, without a user name or password. Addresses of internal networks are refused when a delivery is made.',
});

export const subscriberSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    eventTypes,
    status: z.enum(SUBSCRIBER_STATUSES),
    disabledReason: z.string().nullable(),
    failingSince: timestampSchema.nullable().meta({ description: 'Null: the last delivery succeeded.' }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Subscriber' });
export type Subscriber = z.infer<typeof subscriberSchema>;

export const createSubscriberSchema = z
  .strictObject({ url, description: z.string().max(500).default(''), eventTypes: eventTypes.default([]) })
  .meta({ id: 'CreateSubscriber' });

export const createdSubscriberSchema = subscriberSchema
  .extend({
    secret: z.string().meta({
      description: 'Signs the deliveries (Standard Webhooks, `whsec_…`). Shown this once.',
    }),
  })
  .meta({ id: 'CreatedSubscriber' });

export const patchSubscriberSchema = z
  .strictObject({
    url: url.optional(),
    description: z.string().max(500).optional(),
    eventTypes: eventTypes.optional(),
    status: z.enum(SUBSCRIBER_STATUSES).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'Give at least one field to change.' })
  .meta({ id: 'PatchSubscriber' });
export type PatchSubscriber = z.infer<typeof patchSubscriberSchema>;

export const OUTGOING_STATUSES = ['pending', 'delivered', 'dead'] as const;

export const outgoingDeliverySchema = z
  .object({
    id: z.string(),
    eventId: z.uuid().meta({ description: 'The `webhook-id` of the delivery: the same at every attempt.' }),
    type: z.string(),
    subject: z.string().meta({ description: 'Deliveries of one subject are made in order.' }),
    status: z.enum(OUTGOING_STATUSES),
    attempts: z.int().nonnegative(),
    nextAttemptAt: timestampSchema.nullable(),
    lastStatus: z.int().nullable().meta({ description: 'The HTTP status of the last answer.' }),
    lastError: z.string().nullable(),
    createdAt: timestampSchema,
    deliveredAt: timestampSchema.nullable(),
  })
  .meta({ id: 'OutgoingDelivery' });
export type OutgoingDelivery = z.infer<typeof outgoingDeliverySchema>;

export const listOutgoingQuerySchema = pageQuerySchema.extend({
  status: z.enum(OUTGOING_STATUSES, { error: `must be one of ${OUTGOING_STATUSES.join(', ')}` }).optional(),
});
