export { type ClientOptions, createClient, type TidemarkClient } from './create-client.ts';
export type { components, operations, paths } from './generated/api.ts';
export {
  type SubscribeOptions,
  SubscriptionError,
  type SyncEvent,
  subscribeSyncEvents,
} from './subscribe-sync-events.ts';
