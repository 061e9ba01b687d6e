import { z } from 'zod';
import { ODD_KINDS } from '../data/odd-kinds.ts';
import { faultRuleSchema } from '../faults/schema.ts';
import { TRAFFIC_ACTIONS } from '../webhooks/traffic.ts';

/** The bodies of the control surface. Unknown keys are refused: a typo must not pass for a setting. */
const count = z.int().min(0);
const amount = z.union([count, z.strictObject({ min: count, max: count })]);

export const behaviourSchema = z.strictObject({
  detailRule: z.enum(['off', 'instagram', 'all']).exactOptional(),
  detailLimit: z.int().positive().exactOptional(),
  unordered: z.enum(['off', 'conversations', 'messages', 'both']).exactOptional(),
  maxLimit: z.int().positive().exactOptional(),
  maxRows: z.int().positive().nullable().exactOptional(),
  maxRowsTextIn: z.enum(['message', 'error_user_msg']).exactOptional(),
  foreignToken: z.enum(['190', '200']).exactOptional(),
  minimumVersion: z
    .string()
    .regex(/^v\d+\.\d+$/)
    .nullable()
    .exactOptional(),
});

export const pageSpecSchema = z.strictObject({
  pageId: z.string().min(1),
  name: z.string().optional(),
  accessToken: z.string().min(1).optional(),
  appSecret: z.string().optional(),
  requireProof: z.boolean().optional(),
  conversations: count,
  messages: amount.optional(),
  longThreads: count.optional(),
  odd: z.union([z.boolean(), z.array(z.enum(ODD_KINDS))]).optional(),
  instagram: z.strictObject({ conversations: count, messages: amount }).optional(),
  subscribedFields: z.array(z.string().min(1)).optional(),
  behaviour: behaviourSchema.optional(),
});

const budgetSchema = z.strictObject({
  calls: z.number().positive().optional(),
  cpuMs: z.number().positive().optional(),
  timeMs: z.number().positive().optional(),
  windowMs: z.number().positive(),
  regainMinutes: z.number().positive().optional(),
  status: z.int().min(400).max(599).optional(),
});

export const usageSchema = z.strictObject({
  app: budgetSchema.optional(),
  user: budgetSchema.optional(),
  page: budgetSchema.optional(),
  pages: budgetSchema.optional(),
  messenger: budgetSchema.optional(),
  custom: budgetSchema.optional(),
  headersAfterCalls: count.optional(),
  cooperative: z.boolean().optional(),
  cost: z
    .strictObject({
      cpuMsPerCall: z.number().min(0).optional(),
      cpuMsPerRow: z.number().min(0).optional(),
      cpuMsPerMessage: z.number().min(0).optional(),
      timeFactor: z.number().min(0).optional(),
    })
    .optional(),
});

export const latencySchema = z.strictObject({
  ms: z.number().min(0),
  jitterMs: z.number().min(0).optional(),
});

export const configureSchema = z.strictObject({ pageId: z.string().optional(), behaviour: behaviourSchema });

export const clockSchema = z.strictObject({ advanceMs: z.number().min(0) });

export const faultsSchema = z.union([faultRuleSchema, z.array(faultRuleSchema)]);

export const tokenSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('expire'),
    pageId: z.string(),
    subcode: z.int().nullable().optional(),
  }),
  z.strictObject({ action: z.literal('renew'), pageId: z.string(), accessToken: z.string().optional() }),
]);

const extrasSchema = z.strictObject({
  attachments: z.array(z.record(z.string(), z.json())).optional(),
  shares: z.array(z.record(z.string(), z.json())).optional(),
  sticker: z.string().optional(),
  reactions: z.array(z.string()).optional(),
  replyTo: z.strictObject({ mid: z.string(), isSelfReply: z.boolean() }).optional(),
  tags: z.array(z.string()).optional(),
  replacesText: z.boolean().optional(),
  webhook: z.strictObject({ quickReply: z.string().optional(), standby: z.boolean().optional() }).optional(),
});

export const mutationSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('add-message'),
    pageId: z.string().optional(),
    conversationId: z.string().optional(),
    text: z.string().nullable().optional(),
    fromPage: z.boolean().optional(),
    at: z.number().optional(),
    id: z.string().min(1).optional(),
    extras: z.union([z.literal(true), extrasSchema]).optional(),
  }),
  z.strictObject({
    action: z.literal('edit-message'),
    messageId: z.string(),
    text: z.string(),
    bump: z.boolean().optional(),
  }),
  z.strictObject({ action: z.literal('delete-message'), messageId: z.string() }),
  z.strictObject({
    action: z.literal('add-conversation'),
    pageId: z.string(),
    contactId: z.string().optional(),
    contactName: z.string().optional(),
    platform: z.enum(['messenger', 'instagram']).optional(),
    folder: z.string().optional(),
    messages: z.int().positive().optional(),
    at: z.number().optional(),
  }),
  z.strictObject({ action: z.literal('delete-conversation'), conversationId: z.string() }),
]);

const share = z.number().min(0).max(1).exactOptional();
const milliseconds = z.number().min(0);

export const callbackSchema = z.strictObject({
  url: z.url(),
  verifyToken: z.string(),
  appSecret: z.string(),
});

export const webhookSettingsSchema = z.strictObject({
  duplicates: share,
  reorder: share,
  batches: share,
  maxBatch: z.int().min(2).max(1_000).exactOptional(),
  editsFirst: share,
  concurrency: z.int().positive().exactOptional(),
  timeoutMs: milliseconds.exactOptional(),
  immediateRetries: count.exactOptional(),
  retryAfterMs: z.array(milliseconds).min(1).exactOptional(),
  giveUpAfterMs: milliseconds.exactOptional(),
  alertAfterMs: milliseconds.exactOptional(),
  disableAfterMs: milliseconds.exactOptional(),
});

export const trafficSchema = z.strictObject({
  events: z.int().positive(),
  seed: z.union([z.string(), z.number()]).optional(),
  mix: z.partialRecord(z.enum(TRAFFIC_ACTIONS), z.number().min(0)).optional(),
  pageIds: z.array(z.string()).min(1).optional(),
  wave: z.int().positive().optional(),
  everyMs: milliseconds.optional(),
});

export type MutationInput = z.input<typeof mutationSchema>;
export type TokenInput = z.input<typeof tokenSchema>;

const edge = z.enum([
  'conversations',
  'messages',
  'conversation',
  'message',
  'page',
  'subscribed_apps',
  'other',
]);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const filterQuery = z.strictObject({ pageId: z.string().optional(), edge: edge.optional() });
export const callsQuery = filterQuery.extend({
  /** Only calls with a higher `seq`. */
  since: z.coerce.number().min(0).optional(),
});
export const windowQuery = filterQuery.extend({ ms: z.coerce.number().positive() });
export const expectedQuery = z.strictObject({
  pageId: z.string(),
  platform: z.enum(['messenger', 'instagram']).optional(),
  totalsOnly: flag.optional(),
});
export const idQuery = z.strictObject({ id: z.string().optional() });
export const idleQuery = z.strictObject({
  settled: flag.optional(),
  timeoutMs: z.coerce.number().min(0).optional(),
});
export const webhookLedgerQuery = z.strictObject({ pageId: z.string().optional() });
export const pageQuery = z.strictObject({ pageId: z.string() });
