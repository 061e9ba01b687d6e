import { z } from 'zod';
import { pageQuerySchema, timestampSchema } from './lists.ts';

export const QUARANTINE_STATUSES = ['open', 'replayed', 'discarded'] as const;
export type QuarantineStatus = (typeof QUARANTINE_STATUSES)[number];

export const quarantinedRecordSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    syncId: z.uuid().nullable(),
    stream: z.string(),
    externalId: z.string().nullable(),
    parentId: z.string().nullable().meta({
      description: 'What the record belongs to where it does not say so itself: the contact of a message.',
    }),
    reason: z.string(),
    path: z.string().meta({ description: 'JSON pointer into the raw record: where it failed' }),
    raw: z.unknown(),
    status: z.enum(QUARANTINE_STATUSES),
    seenCount: z.int().positive(),
    createdAt: timestampSchema,
    lastSeenAt: timestampSchema,
    closedAt: timestampSchema.nullable().meta({ description: 'When it was replayed or discarded.' }),
  })
  .meta({ id: 'QuarantinedRecord' });
export type QuarantinedRecord = z.infer<typeof quarantinedRecordSchema>;

export const listQuarantineQuerySchema = pageQuerySchema.extend({
  connectionId: z.uuid({ error: 'must be a UUID' }).optional(),
  stream: z.string().min(1).optional(),
  status: z
    .enum(QUARANTINE_STATUSES, { error: `must be one of ${QUARANTINE_STATUSES.join(', ')}` })
    .optional(),
});
export type ListQuarantineQuery = z.infer<typeof listQuarantineQuerySchema>;
