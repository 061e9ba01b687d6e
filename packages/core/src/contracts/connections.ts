import { z } from 'zod';
import { GAP_REASONS } from '../subscriptions/index.ts';
import { SYNC_STATUSES } from '../sync/statuses.ts';
import { SWEEP_SHARE_MAX } from '../sync/sweep.ts';
import { timestampSchema } from './lists.ts';

export const CONFLICT_POLICIES = ['source_wins', 'local_wins', 'manual'] as const;
export const CONNECTION_STATUSES = ['active', 'needs_reauth'] as const;

const sweepMaxShare = z
  .number()
  .min(0)
  .max(1)
  .meta({
    description:
      'A full sync that would mark more than this share of the stored records as deleted asks first. ' +
      `0 always asks, 1 never; ${SWEEP_SHARE_MAX} unless set.`,
  });

export const connectionSchema = z
  .object({
    id: z.uuid(),
    connector: z.string(),
    name: z.string(),
    config: z.record(z.string(), z.unknown()),
    conflictPolicy: z.enum(CONFLICT_POLICIES),
    sweepMaxShare,
    status: z.enum(CONNECTION_STATUSES),
    hasCredentials: z.boolean().meta({ description: 'Credentials are stored encrypted and never returned.' }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connectionSchema>;

export const createConnectionSchema = z
  .strictObject({
    connector: z.string().min(1).max(100),
    name: z.string().min(1).max(200),
    config: z.record(z.string(), z.unknown()),
    credentials: z.record(z.string(), z.unknown()).optional(),
    conflictPolicy: z.enum(CONFLICT_POLICIES).default('source_wins'),
    sweepMaxShare: sweepMaxShare.optional(),
  })
  .meta({ id: 'CreateConnection' });
export type CreateConnection = z.infer<typeof createConnectionSchema>;

export const patchConnectionSchema = z
  .strictObject({
    name: z.string().min(1).max(200).optional(),
    config: z.record(z.string(), z.unknown()).optional(),
    credentials: z.record(z.string(), z.unknown()).optional(),
    conflictPolicy: z.enum(CONFLICT_POLICIES).optional(),
    sweepMaxShare: sweepMaxShare.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'Give at least one field to change.' })
  .meta({ id: 'PatchConnection' });
export type PatchConnection = z.infer<typeof patchConnectionSchema>;

const subscriptionStateSchema = z
  .object({
    checkedAt: timestampSchema.nullable().meta({ description: 'When the source was last asked' }),
    subscribedSince: timestampSchema
      .nullable()
      .meta({ description: 'Since when it tells everything, as far as was seen; null while it does not' }),
    lostAt: timestampSchema.nullable().meta({ description: 'When it last was found to have stopped' }),
    lastEventAt: timestampSchema.nullable().meta({ description: 'The last delivery, to the minute' }),
    lastGapSyncId: z.uuid().nullable(),
    lastGapAt: timestampSchema.nullable(),
    lastGapReason: z.enum(GAP_REASONS).nullable(),
    error: z.string().nullable().meta({ description: 'Why the last check came to nothing' }),
  })
  .meta({ id: 'SubscriptionState' });
export type SubscriptionState = z.infer<typeof subscriptionStateSchema>;

export const connectionStateSchema = z
  .object({
    connectionId: z.uuid(),
    status: z.enum(['idle', ...SYNC_STATUSES]),
    activeSyncId: z.uuid().nullable(),
    lastSyncId: z.uuid().nullable(),
    lease: z
      .object({
        key: z.string(),
        owner: z.string(),
        fencingToken: z.string(),
        acquiredAt: timestampSchema,
        expiresAt: timestampSchema,
      })
      .nullable(),
    subscription: subscriptionStateSchema.nullable().meta({
      description: 'Whether the source tells by itself; null where it was never asked to.',
    }),
    streams: z.array(
      z.object({
        stream: z.string(),
        checkpoint: z.unknown().nullable(),
        watermark: z.unknown().nullable(),
        updatedAt: timestampSchema,
      }),
    ),
  })
  .meta({ id: 'ConnectionState' });
export type ConnectionState = z.infer<typeof connectionStateSchema>;
