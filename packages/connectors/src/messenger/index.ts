import { defineConnector } from '@tidemark/core/connector';
import {
  type MessengerConfig,
  type MessengerCredentials,
  messengerConfig,
  messengerCredentials,
} from './config.ts';
import { conversationsStream } from './conversations-stream.ts';
import type { GraphApi } from './graph-request.ts';
import { APP_POOL, graphUsage, pagePool } from './graph-usage.ts';
import { replayRecord } from './replay.ts';
import { pageSubscription } from './subscription.ts';
import { readDelivery } from './webhook/read-delivery.ts';

/** Conversations of a Facebook Page, with all their messages. */
export function messengerConnector(api: GraphApi) {
  return defineConnector<MessengerConfig, MessengerCredentials>({
    id: 'messenger',
    title: 'Messenger conversations of a Facebook Page',
    config: messengerConfig,
    credentials: messengerCredentials,
    identity: (config) => config.pageId,
    // The real budget depends on how many people the Page can message, which only the usage headers tell: these are
    // starting points that the headers slow down and an operator may change.
    pools: (config) => [
      { pool: APP_POOL, maxCalls: 3000, perSeconds: 60, maxConcurrent: null },
      { pool: pagePool(config.pageId), maxCalls: 600, perSeconds: 60, maxConcurrent: 4 },
    ],
    usage: graphUsage,
    streams: [conversationsStream(api)],
    replay: replayRecord,
    webhook: { read: readDelivery },
    subscription: pageSubscription(api),
  });
}
