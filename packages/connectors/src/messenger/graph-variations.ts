import { z } from 'zod';
import { placesIn } from './places-in.ts';

/*
 * Shapes as the Graph API documents them. What `graph-schemas.ts` reads and these refuse was read by a fallback, so that
 * a fallback that is added there is counted without another word.
 */

/** `2022-07-12T19:11:07+0000` (developers.facebook.com/docs/graph-api/reference/conversation). */
const documentedTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{4}$/);

/** A number where an id should be is read; whoever has no id at all is a matter for `contact.ts`. */
const documentedParticipant = z.unknown().superRefine((value, context) => {
  const isNumber =
    value !== null && typeof value === 'object' && 'id' in value && typeof value.id === 'number';
  if (isNumber) context.addIssue({ code: 'custom', path: ['id'], message: 'is a number' });
});

const documentedEdge = z
  .looseObject({ data: z.array(z.unknown()), paging: z.looseObject({}).optional() })
  .superRefine((edge, context) => {
    // An edge without rows has none.
    if (edge.data.length > 0 && edge.paging === undefined) {
      context.addIssue({ code: 'custom', path: ['paging'], message: 'is missing' });
    }
  });

const documentedConversation = z.looseObject({
  id: z.string(),
  updated_time: documentedTime,
  participants: z.looseObject({ data: z.array(documentedParticipant) }),
  messages: documentedEdge.optional(),
});

const documentedMessage = z.looseObject({
  id: z.string(),
  created_time: documentedTime,
  // Left out where the source no longer details the message.
  from: z.looseObject({ id: z.string(), name: z.string().optional() }).optional(),
  message: z.string().optional(),
});

/** The places of a readable answer, conversation or message that are not as documented, as pointers; `*` for any row. */
export const variationsOf = {
  edge: (raw: unknown) => placesIn(documentedEdge, raw),
  conversation: (raw: unknown) => placesIn(documentedConversation, raw),
  message: (raw: unknown) => placesIn(documentedMessage, raw),
} as const;
