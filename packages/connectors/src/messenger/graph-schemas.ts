import { z } from 'zod';
import { parseGraphTime } from './graph-time.ts';

/** Ids come as strings, now and then as numbers; those above 2^53 were kept as strings by the JSON reader. */
export const graphId = z
  .union([z.string(), z.int()], { error: 'must be an id: text or a whole number' })
  .transform(String)
  .pipe(z.string().min(1, { error: 'must not be empty' }));

export const graphTime = z.unknown().transform((value, context) => {
  const time = parseGraphTime(value);
  if (time === null) {
    context.addIssue({
      code: 'custom',
      message:
        value === undefined ? 'is missing' : 'is no time the Graph API uses (2022-07-12T19:11:07+0000)',
    });
    return z.NEVER;
  }
  return time;
});

const paging = z.looseObject({
  cursors: z.looseObject({ after: z.string().optional() }).optional(),
  next: z.string().optional(),
});

/** An edge: `{data, paging}`. Known variation: a bare array. Items are judged one by one, not here. */
export const graphEdge = z.union([
  z.looseObject({ data: z.array(z.unknown()), paging: paging.nullish() }),
  z.array(z.unknown()).transform((data) => ({ data, paging: undefined })),
]);
export type GraphEdge = z.infer<typeof graphEdge>;

/** A participant as it comes: what makes it a contact is decided in `contact.ts`. */
const participants = z
  .union([
    z.looseObject({ data: z.array(z.unknown()).nullish() }).transform((edge) => edge.data ?? []),
    z.array(z.unknown()),
  ])
  .nullish()
  .transform((list) => list ?? []);

export const graphConversation = z.looseObject({
  id: graphId,
  updated_time: graphTime,
  participants,
  messages: graphEdge.nullish(),
});
export type GraphConversation = z.infer<typeof graphConversation>;

const person = z.looseObject({ id: graphId.nullish().catch(null), name: z.string().nullish().catch(null) });

export const graphMessage = z.looseObject({
  id: graphId,
  created_time: graphTime,
  /** A person without an id (a deleted account) is no reason to lose the message. */
  from: person.nullish(),
  to: z.unknown().optional(),
  message: z.string().nullish(),
});
export type GraphMessage = z.infer<typeof graphMessage>;

/** A Graph error body. Codes may come as strings. */
export const graphError = z.looseObject({
  error: z.looseObject({
    message: z.string().nullish().catch(null),
    code: z.coerce.number().int().nullish().catch(null),
    error_subcode: z.coerce.number().int().nullish().catch(null),
    error_user_msg: z.string().nullish().catch(null),
    is_transient: z.boolean().nullish().catch(null),
  }),
});
export type GraphError = z.infer<typeof graphError>['error'];
