import { z } from 'zod';
import { EDITABLE_FIELDS } from '../resolution/local-edits.ts';
import { pageQuerySchema, timestampSchema } from './lists.ts';

const localEditSchema = z
  .object({
    value: z.string(),
    sourceValue: z.string().nullable().meta({ description: 'What the source says.' }),
    editedAt: timestampSchema,
  })
  .meta({ id: 'LocalEdit' });

export const conversationSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    pageId: z.string(),
    senderId: z.string(),
    graphId: z.string().nullable(),
    senderName: z.string().nullable(),
    lastMessage: z.string().nullable(),
    lastMessageTime: timestampSchema.nullable(),
    messageCount: z.int().nonnegative(),
    conversationStatus: z.string(),
    localEdits: z.partialRecord(z.enum(EDITABLE_FIELDS), localEditSchema).meta({
      description: 'What people changed, by field. The field itself shows the local value.',
    }),
    version: z.int().positive().meta({ description: 'Grows by one with each change; also the ETag.' }),
    deletedAt: timestampSchema.nullable(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof conversationSchema>;

const NAME_CHARACTERS_MAX = 200;
const STATUS_CHARACTERS_MAX = 50;

const editedText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, { error: 'must not be empty; null takes the edit back' })
    .max(max, { error: `must have at most ${max} characters` })
    .nullable()
    .optional();

export const patchConversationSchema = z
  .strictObject({
    senderName: editedText(NAME_CHARACTERS_MAX),
    conversationStatus: editedText(STATUS_CHARACTERS_MAX).meta({
      description: 'A word of your own, such as `active`, `done` or `waiting for parts`.',
    }),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'Give at least one field to change.' })
  .meta({ id: 'PatchConversation' });
export type PatchConversation = z.infer<typeof patchConversationSchema>;

export const listConversationsQuerySchema = pageQuerySchema.extend({
  connectionId: z.uuid({ error: 'must be a UUID' }).optional(),
  pageId: z.string().min(1).optional(),
  senderId: z.string().min(1).optional(),
  deleted: z.enum(['exclude', 'include', 'only']).default('exclude').meta({
    description: 'Conversations that vanished from the source are left out unless asked for.',
  }),
});
export type ListConversationsQuery = z.infer<typeof listConversationsQuerySchema>;

export const interactionEventSchema = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    eventType: z.string(),
    eventTimestamp: timestampSchema,
    messageId: z.string().nullable(),
    direction: z.enum(['in', 'out']),
    text: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    version: z.int().positive(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'InteractionEvent' });
export type InteractionEvent = z.infer<typeof interactionEventSchema>;
