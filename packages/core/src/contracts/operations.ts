import { z } from 'zod';
import { QUEUE_NAMES } from '../queue/catalogue.ts';
import { STUCK_REASONS } from '../sync/stuck.ts';
import { timestampSchema } from './lists.ts';

export const SCOPES = [
  'connections:read',
  'connections:write',
  'syncs:read',
  'syncs:write',
  'data:read',
  'data:write',
  'operations:read',
  'operations:write',
  'admin',
] as const;
/** `admin` implies all the others. */
export type Scope = (typeof SCOPES)[number];

export const limitPoolSchema = z
  .object({
    pool: z.string(),
    maxCalls: z.int().positive(),
    perSeconds: z.number().positive(),
    maxConcurrent: z.int().positive().nullable(),
    usedShare: z.number().nullable(),
    pausedUntil: timestampSchema.nullable(),
    reason: z.string().nullable(),
    responseMs: z
      .number()
      .nullable()
      .meta({ description: 'How long the last calls took; null when there was none for two minutes' }),
    usualResponseMs: z.number().nullable().meta({ description: 'What responseMs is measured by' }),
    spacingMs: z.number().meta({ description: 'The time between two calls, as it is now' }),
    slowedBy: z
      .enum(['usage', 'responses'])
      .nullable()
      .meta({ description: 'Why it is longer than maxCalls and perSeconds ask for; null when it is not' }),
  })
  .meta({ id: 'LimitPool' });
export type LimitPool = z.infer<typeof limitPoolSchema>;

export const patchLimitPoolSchema = z
  .strictObject({
    maxCalls: z.int().min(1).max(1_000_000).optional(),
    perSeconds: z.number().min(0.1).max(86_400).optional(),
    maxConcurrent: z.int().min(1).max(10_000).nullable().optional(),
    pausedUntil: z.iso.datetime({ offset: true }).nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'Give at least one field to change.' })
  .meta({ id: 'PatchLimitPool' });
export type PatchLimitPool = z.infer<typeof patchLimitPoolSchema>;

export const queueStatusSchema = z
  .object({
    queue: z.enum(QUEUE_NAMES),
    waiting: z.int(),
    active: z.int(),
    delayed: z.int(),
    failed: z.int(),
    oldestWaitingSeconds: z.number().nullable(),
  })
  .meta({ id: 'QueueStatus' });

export const stuckSyncSchema = z
  .object({
    syncId: z.uuid(),
    connectionId: z.uuid(),
    reason: z.enum(STUCK_REASONS).meta({
      description: '`untaken`: due, and nobody is at it. `overdue`: somebody is at one page for too long.',
    }),
    since: timestampSchema.meta({ description: 'When something last happened' }),
  })
  .meta({ id: 'StuckSync' });
export type StuckSync = z.infer<typeof stuckSyncSchema>;

export const queuesSchema = z
  .object({
    backend: z.enum(['redis', 'postgres']),
    workersAlive: z.int(),
    queues: z.array(queueStatusSchema),
    stuckSyncs: z.array(stuckSyncSchema).meta({
      description: 'Syncs of your connections that make no progress though they should; 100 at most',
    }),
  })
  .meta({ id: 'Queues' });

export const apiKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: timestampSchema,
    lastUsedAt: timestampSchema.nullable(),
    revokedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createApiKeySchema = z
  .strictObject({ name: z.string().min(1).max(200), scopes: z.array(z.enum(SCOPES)).min(1) })
  .meta({ id: 'CreateApiKey' });

export const createdApiKeySchema = apiKeySchema
  .extend({ key: z.string().meta({ description: 'Shown this once; only its hash is stored.' }) })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

export const leaseSchema = z
  .object({
    key: z.string(),
    connectionId: z.uuid(),
    owner: z.string(),
    fencingToken: z.string(),
    acquiredAt: timestampSchema,
    expiresAt: timestampSchema,
    expired: z.boolean().meta({ description: 'Ran out without being released: its holder was lost.' }),
    stuck: z.boolean().meta({
      description:
        'Left behind for more than a minute after it ran out, or held at one page for more than ten',
    }),
    stuckSince: timestampSchema.nullable().meta({ description: 'When it ran out, or was taken' }),
  })
  .meta({ id: 'Lease' });
export type Lease = z.infer<typeof leaseSchema>;

export const readinessSchema = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().nullable() })),
  })
  .meta({ id: 'Readiness' });
