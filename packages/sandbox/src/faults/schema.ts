import { z } from 'zod';

const ms = z.number().min(0);
const headers = z.record(z.string(), z.string());

/** What goes wrong. `type` names the fault in the ledger. */
export const faultSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('empty-page') }),
  z.strictObject({ type: z.literal('short-page'), rows: z.int().positive() }),
  z.strictObject({ type: z.literal('missing-paging') }),
  z.strictObject({ type: z.literal('dangling-next') }),
  z.strictObject({ type: z.literal('reversed-page') }),
  z.strictObject({
    type: z.literal('stale-cursor'),
    mode: z.enum(['2642', '100', 'wrong-position']),
    /** Rows further down, or up when negative; only for `wrong-position`. */
    shift: z.int().default(-25),
    /** Only cursors issued before the latest change of the page's data. */
    onlyAfterMutation: z.boolean().default(false),
    /** Only cursors issued longer ago than this, on the simulator's clock. */
    olderThanMs: ms.optional(),
  }),
  z.strictObject({
    type: z.literal('error'),
    code: z.int(),
    subcode: z.int().optional(),
    message: z.string().optional(),
    errorType: z.string().nullable().optional(),
    status: z.int().min(200).max(599).optional(),
    userTitle: z.string().optional(),
    userMessage: z.string().optional(),
    isTransient: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('reduce-data'),
    textIn: z.enum(['message', 'error_user_msg']).default('message'),
    omitType: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('throttle'),
    code: z.union(
      [4, 17, 32, 613, 80001, 80006].map((code) => z.literal(code as 4 | 17 | 32 | 613 | 80001 | 80006)),
    ),
    /** Elapse on the simulator's clock. */
    minutes: z.number().positive().default(1),
  }),
  z.strictObject({ type: z.literal('expire-token'), subcode: z.int().nullable().default(463) }),
  z.strictObject({ type: z.literal('html'), status: z.int().min(400).max(599).default(502) }),
  z.strictObject({
    type: z.literal('raw'),
    status: z.int().min(200).max(599).default(200),
    contentType: z.string().default('application/json; charset=UTF-8'),
    body: z.string(),
    headers: headers.default({}),
  }),
  z.strictObject({ type: z.literal('truncated-json'), share: z.number().min(0).max(0.99).default(0.5) }),
  z.strictObject({ type: z.literal('malformed-json') }),
  z.strictObject({ type: z.literal('latency'), ms, jitterMs: ms.default(0) }),
  z.strictObject({ type: z.literal('slow-headers'), ms }),
  z.strictObject({ type: z.literal('slow-body'), ms, chunks: z.int().min(2).default(4) }),
  z.strictObject({ type: z.literal('reset'), when: z.enum(['before', 'during']).default('before') }),
  z.strictObject({ type: z.literal('hang') }),
  z.strictObject({ type: z.literal('headers'), headers }),
  z.strictObject({
    type: z.literal('broken-record'),
    /** Row within the edge, from 0. */
    row: z.int().min(0).default(0),
    /** Message within that row's nested messages, from 0. */
    messageRow: z.int().min(0).optional(),
    key: z.string(),
    /** JSON value in place of the real one; left out, the key goes missing. */
    value: z.json().optional(),
  }),
  z.strictObject({
    type: z.literal('mutate'),
    action: z
      .enum(['add-message', 'edit-message', 'delete-message', 'add-conversation', 'delete-conversation'])
      .default('add-message'),
    count: z.int().positive().default(1),
  }),
]);

/** Which calls a rule looks at. All conditions given must hold. */
export const matchSchema = z.strictObject({
  pageId: z.string().optional(),
  edge: z
    .enum(['conversations', 'messages', 'conversation', 'message', 'page', 'subscribed_apps', 'other'])
    .optional(),
  method: z.string().optional(),
  /** Id in the path: a page, conversation or message. */
  objectId: z.string().optional(),
  /** A regular expression over path and query, the token left out. */
  path: z.string().refine(isRegExp, 'not a regular expression').optional(),
  /** The first page of an edge, or a later one. */
  cursor: z.enum(['first', 'later']).optional(),
  /** Only calls that ask for at least so many rows: limit x nested limit. */
  minRows: z.int().optional(),
});

/** A fault, the calls it looks at, and which of those it hits (all of them unless told otherwise). */
export const faultRuleSchema = z.strictObject({
  id: z.string().optional(),
  fault: faultSchema,
  when: matchSchema.default({}),
  /** Hit at most so many calls. */
  count: z.int().positive().optional(),
  /** Hit only these matching calls, counted from 1. */
  nth: z.union([z.int().positive(), z.array(z.int().positive())]).optional(),
  /** Hit each so-manieth matching call. */
  every: z.int().positive().optional(),
  /** Let so many matching calls pass first. */
  after: z.int().min(0).default(0),
  /** Hit a matching call with this probability, drawn from the seed. */
  probability: z.number().min(0).max(1).optional(),
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultOf<Type extends Fault['type']> = Extract<Fault, { type: Type }>;
export type FaultMatch = z.infer<typeof matchSchema>;
export type FaultRule = z.infer<typeof faultRuleSchema>;
/** A rule as written: what has a default may be left out. */
export type FaultRuleInput = z.input<typeof faultRuleSchema>;

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
