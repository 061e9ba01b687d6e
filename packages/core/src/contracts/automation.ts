import { z } from 'zod';
import { automationActionsSchema, automationConditionSchema, tagSchema } from '../automation/rule.ts';
import { timestampSchema } from './lists.ts';

const name = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must not contain control characters' });

export const automationRuleSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid().nullable().meta({ description: 'Null: all connections.' }),
    name: z.string(),
    enabled: z.boolean(),
    condition: automationConditionSchema,
    actions: automationActionsSchema,
    activeSince: timestampSchema.meta({
      description: 'When it was last enabled. It never fires for what happened before.',
    }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'AutomationRule' });
export type AutomationRule = z.infer<typeof automationRuleSchema>;

export const createAutomationRuleSchema = z
  .strictObject({
    connectionId: z.uuid({ error: 'must be a UUID' }).nullable().default(null),
    name,
    enabled: z.boolean().default(true),
    condition: automationConditionSchema.prefault({}),
    actions: automationActionsSchema,
  })
  .meta({ id: 'CreateAutomationRule' });
export type CreateAutomationRule = z.infer<typeof createAutomationRuleSchema>;

export const patchAutomationRuleSchema = z
  .strictObject({
    name: name.optional(),
    enabled: z.boolean().optional(),
    condition: automationConditionSchema.optional(),
    actions: automationActionsSchema.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'Give at least one field to change.' })
  .meta({ id: 'PatchAutomationRule' });
export type PatchAutomationRule = z.infer<typeof patchAutomationRuleSchema>;

export const automationFiringSchema = z
  .object({
    id: z.uuid(),
    ruleId: z.uuid(),
    conversationId: z.uuid(),
    eventId: z.uuid(),
    messageId: z.string().nullable(),
    actions: automationActionsSchema.meta({ description: 'What was done.' }),
    firedAt: timestampSchema,
  })
  .meta({ id: 'AutomationFiring' });
export type AutomationFiring = z.infer<typeof automationFiringSchema>;

export const conversationTagSchema = z
  .object({
    tag: z.string(),
    automatic: z.boolean().meta({ description: "The contact's next reply removes it." }),
    cause: z.enum(['api', 'rule']).meta({ description: 'Who set it.' }),
    ruleId: z.uuid().nullable().meta({ description: 'The rule that set it, while that exists.' }),
    createdAt: timestampSchema,
  })
  .meta({ id: 'ConversationTag' });
export type ConversationTag = z.infer<typeof conversationTagSchema>;

export const putTagSchema = z.strictObject({ automatic: z.boolean().default(false) }).meta({ id: 'PutTag' });

export const conversationTagsSchema = z.object({ data: z.array(conversationTagSchema) });

export { tagSchema };
