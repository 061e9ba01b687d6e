import { z } from 'zod';
import { MILLISECONDS_FROM } from '../graph-time.ts';
import { placesIn } from '../places-in.ts';

/*
 * Shapes as Meta documents them (developers.facebook.com/docs/messenger-platform/webhooks). What is read although these
 * refuse it was read by a fallback.
 */

/** Milliseconds since the epoch. */
const documentedTime = z.int().min(MILLISECONDS_FROM);

const documentedPerson = z.looseObject({ id: z.string() });

/** Told of a message by its id. */
const aboutMessage = z.looseObject({ mid: z.string() }).optional();

const documentedEvent = z
  .looseObject({
    sender: documentedPerson,
    recipient: documentedPerson,
    timestamp: documentedTime.optional(),
    message: aboutMessage,
    message_edit: aboutMessage,
    reaction: aboutMessage,
    read: z.looseObject({ watermark: documentedTime }).optional(),
    delivery: z.looseObject({ watermark: documentedTime }).optional(),
  })
  .superRefine((event, context) => {
    // Those two say up to when, and some come without a time of their own.
    const isDated = event.timestamp !== undefined || event.delivery !== undefined || event.read !== undefined;
    if (!isDated) context.addIssue({ code: 'custom', path: ['timestamp'], message: 'is missing' });
  });

const documentedEntry = z.looseObject({
  id: z.string(),
  time: documentedTime,
  messaging: z.array(z.unknown()).optional(),
  standby: z.array(z.unknown()).optional(),
});

/** The places of a readable event, or of an entry around readable events, that are not as documented, as pointers. */
export const webhookVariationsOf = {
  event: (raw: unknown) => placesIn(documentedEvent, raw),
  entry: (raw: unknown) => placesIn(documentedEntry, raw),
} as const;
