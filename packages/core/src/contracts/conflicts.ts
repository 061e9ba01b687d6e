import { z } from 'zod';
import { EDITABLE_FIELDS, SIDES } from '../resolution/local-edits.ts';
import { pageQuerySchema, timestampSchema } from './lists.ts';

export const CONFLICT_STATUSES = ['open', 'resolved'] as const;
export const CONFLICT_RESOLUTIONS = ['source', 'local', 'merge', 'policy', 'obsolete'] as const;

export type ConflictResolution = (typeof CONFLICT_RESOLUTIONS)[number];

const conflictedFieldSchema = z
  .object({
    source: z.string().nullable().meta({ description: 'What the source says.' }),
    local: z.string().meta({ description: 'What a person made of it.' }),
    base: z.string().nullable().meta({ description: 'What the source said when the edit was made.' }),
  })
  .meta({ id: 'ConflictedField' });

export const conflictSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    stream: z.string(),
    recordId: z.uuid().meta({ description: 'Of `conversations`: the id of the conversation.' }),
    fields: z.partialRecord(z.enum(EDITABLE_FIELDS), conflictedFieldSchema),
    baseVersion: z.int().positive().meta({ description: 'The version of the record the edit was made at.' }),
    status: z.enum(CONFLICT_STATUSES),
    resolution: z
      .enum(CONFLICT_RESOLUTIONS)
      .nullable()
      .meta({
        description:
          '`source`, `local`, `merge`: a person chose. `policy`: the policy of the connection did. ' +
          '`obsolete`: the two sides came to agree.',
      }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
    resolvedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Conflict' });
export type Conflict = z.infer<typeof conflictSchema>;

export const listConflictsQuerySchema = pageQuerySchema.extend({
  connectionId: z.uuid({ error: 'must be a UUID' }).optional(),
  status: z.enum(CONFLICT_STATUSES, { error: `must be one of ${CONFLICT_STATUSES.join(', ')}` }).optional(),
});
export type ListConflictsQuery = z.infer<typeof listConflictsQuerySchema>;

const SIDE_ERROR = `must be one of ${SIDES.join(', ')}`;

export const resolveConflictSchema = z
  .discriminatedUnion(
    'resolution',
    [
      z.strictObject({ resolution: z.enum(SIDES) }),
      z.strictObject({
        resolution: z.literal('merge'),
        fields: z
          .strictObject({
            senderName: z.enum(SIDES, { error: SIDE_ERROR }).optional(),
            conversationStatus: z.enum(SIDES, { error: SIDE_ERROR }).optional(),
          })
          .meta({ description: 'A side for each field in conflict.' }),
      }),
    ],
    { error: 'must be one of source, local, merge' },
  )
  .meta({ id: 'ResolveConflict' });
export type ResolveConflict = z.infer<typeof resolveConflictSchema>;
