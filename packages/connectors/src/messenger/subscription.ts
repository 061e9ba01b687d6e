import type { AccountContext, Subscription } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import { z } from 'zod';
import type { MessengerConfig, MessengerCredentials } from './config.ts';
import { readGraphAnswer } from './graph-errors.ts';
import { type GraphApi, graphGet } from './graph-request.ts';
import { graphEdge, graphId, graphTime } from './graph-schemas.ts';

type Context = AccountContext<MessengerConfig, MessengerCredentials>;

/**
 * What a Page has to tell for its conversations to stay whole: the fields behind the kinds of events that are read.
 * A field is subscribed to for each Page; one that was added to the app later is not there by itself.
 */
const FIELDS = [
  'messages',
  'message_echoes',
  'message_edits',
  'message_reactions',
  'message_reads',
  'message_deliveries',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_optins',
  'standby',
] as const;

const subscribedApp = z.looseObject({ id: graphId, subscribed_fields: z.array(z.string()).nullish() });
const datedThing = z.looseObject({ updated_time: graphTime });

/**
 * The app's subscription to a Page: after an hour of failed deliveries Meta ends it, and nobody but us makes it anew.
 * Source: developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
 */
export function pageSubscription(api: GraphApi): Subscription<MessengerConfig, MessengerCredentials> {
  const call = async (
    { config, credentials, io }: Context,
    edge: string,
    query: Readonly<Record<string, string>>,
    method: 'GET' | 'POST' = 'GET',
  ) => {
    const request = graphGet(api, `${config.pageId}/${edge}`, query, credentials);
    const answer = await io.fetch({ ...request, method });
    return { body: readGraphAnswer(answer, config), answeredAtMs: answer.answeredAtMs };
  };
  return {
    isWanted: (config) => config.webhooks ?? true,
    check: async (context) => {
      const { body } = await call(context, 'subscribed_apps', {});
      const { appId } = context.config;
      const apps = readItems(body, subscribedApp).filter(({ id }) => appId === undefined || id === appId);
      const subscribed = [...new Set(apps.flatMap((app) => app.subscribed_fields ?? []))];
      return { subscribed, missing: FIELDS.filter((field) => !subscribed.includes(field)) };
    },
    renew: async (context, { subscribed }) => {
      // The fields of the request replace those that were there.
      const fields = [...new Set([...subscribed, ...FIELDS])];
      await call(context, 'subscribed_apps', { subscribed_fields: fields.join(',') }, 'POST');
    },
    news: async (context) => {
      const query = { fields: 'updated_time', limit: '1', platform: 'messenger' };
      const { body, answeredAtMs } = await call(context, 'conversations', query);
      const [newest] = readItems(body, datedThing);
      return { newestMs: newest === undefined ? null : Date.parse(newest.updated_time), answeredAtMs };
    },
  };
}

/** The items of an edge. Throws SourceError: what cannot be read must not pass for nothing. */
function readItems<T>(body: unknown, item: z.ZodType<T>): T[] {
  const items = graphEdge
    .transform((edge) => edge.data)
    .pipe(z.array(item))
    .safeParse(body);
  if (items.success) return items.data;
  const issue = items.error.issues[0];
  throw new SourceError({
    kind: 'invalidResponse',
    code: 'source_response_invalid',
    message: `The Graph API answered with a shape we do not know, at /${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}`,
  });
}
