import { z } from 'zod';

/** Kinds of events a rule can ask for. Only those a contact caused are ever asked about. */
export const AUTOMATION_EVENT_TYPES = ['message', 'postback', 'referral', 'optin', 'reaction'] as const;
export type AutomationEventType = (typeof AUTOMATION_EVENT_TYPES)[number];

const TAG_CHARACTERS_MAX = 64;
const RULE_VALUES_MAX = 50;
const RULE_ACTIONS_MAX = 20;

/** The name of a tag, as it is: `Waiting` and `waiting` are two. */
export const tagSchema = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(TAG_CHARACTERS_MAX, { error: `must have at most ${TAG_CHARACTERS_MAX} characters` })
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must not contain control characters' });

const boundedText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(max, { error: `must have at most ${max} characters` });

const TEXT_MATCHES = ['contains', 'equals'] as const;

export const automationConditionSchema = z
  .strictObject({
    eventTypes: z
      .array(z.enum(AUTOMATION_EVENT_TYPES))
      .min(1)
      .default(['message'])
      .meta({ description: 'Which kinds of events of the contact.' }),
    text: z
      .strictObject({
        match: z.enum(TEXT_MATCHES),
        anyOf: z.array(boundedText(200)).min(1).max(RULE_VALUES_MAX),
      })
      .nullable()
      .default(null)
      .meta({
        description:
          'The text, as it was sent, contains or is one of these. Case, width and runs of white space do not count. ' +
          'Null: any text, and none.',
      }),
    firstMessageOnly: z.boolean().default(false).meta({
      description:
        'Only the first message of a contact: none that is older is known. At most once per conversation.',
    }),
  })
  .meta({ id: 'AutomationCondition' });
export type AutomationCondition = z.infer<typeof automationConditionSchema>;

const automatic = z.boolean().default(false).meta({
  description: "An automatic tag is removed by the contact's next reply.",
});

const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('add_tag'), tag: tagSchema, automatic }),
  z.strictObject({ type: z.literal('remove_tag'), tag: tagSchema }),
  z.strictObject({
    type: z.literal('notify'),
    message: boundedText(1_000).nullable().default(null).meta({ description: 'Is sent along.' }),
  }),
]);

export const automationActionsSchema = z.array(actionSchema).min(1).max(RULE_ACTIONS_MAX).meta({
  description: 'What is done, in this order. `notify` sends `automation.notified` to the subscribers.',
});
export type AutomationAction = z.infer<typeof actionSchema>;
