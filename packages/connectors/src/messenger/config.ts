import { z } from 'zod';

/** What a user gives to connect a Page. */
export const messengerConfig = z.strictObject({
  pageId: z.string().regex(/^\d{1,30}$/, { error: 'must be the numeric id of the Page' }),
  /** Conversations per call. */
  pageSize: z.int().min(1).max(500).default(25),
  /** Messages that come nested with each conversation; further ones are paged. */
  messagesPerConversation: z.int().min(1).max(500).default(25),
  /** Whether the subscription of the Page is watched over and renewed; true unless it is said to be false. */
  webhooks: z.boolean().optional(),
  /** The id of our app. Needed only where other apps listen to the Page too: theirs would pass for ours. */
  appId: z
    .string()
    .regex(/^\d{1,30}$/, { error: 'must be the numeric id of the app' })
    .optional(),
});
export type MessengerConfig = z.infer<typeof messengerConfig>;

export const messengerCredentials = z.strictObject({
  accessToken: z.string().min(1, { error: 'must be a Page access token' }),
  /** Signs every call with appsecret_proof when given. */
  appSecret: z.string().min(1).optional(),
});
export type MessengerCredentials = z.infer<typeof messengerCredentials>;
