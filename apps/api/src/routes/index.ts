import type { Endpoint } from '../dependencies.ts';
import { deleteOneAutomationRule } from './automation/delete-rule.ts';
import { getFiringsOfRule } from './automation/get-firings.ts';
import { getAutomationRules, getOneAutomationRule } from './automation/get-rules.ts';
import { patchAutomationRule } from './automation/patch-rule.ts';
import { postAutomationRule } from './automation/post-rule.ts';
import { getConflicts } from './conflicts/get-conflicts.ts';
import { postResolveConflict } from './conflicts/post-resolve.ts';
import { deleteOneConnection } from './connections/delete-connection.ts';
import { deleteScheduleOfConnection } from './connections/delete-schedule.ts';
import { getOneConnection } from './connections/get-connection.ts';
import { getStateOfConnection } from './connections/get-connection-state.ts';
import { getConnections } from './connections/get-connections.ts';
import { getScheduleOfConnection } from './connections/get-schedule.ts';
import { getValidationOfConnection } from './connections/get-validation.ts';
import { patchConnection } from './connections/patch-connection.ts';
import { postConnection } from './connections/post-connection.ts';
import { postReset } from './connections/post-reset.ts';
import { postVerify } from './connections/post-verify.ts';
import { putScheduleOfConnection } from './connections/put-schedule.ts';
import {
  deleteConversationTag,
  getConversationTags,
  putConversationTag,
} from './conversations/conversation-tags.ts';
import { getOneConversation } from './conversations/get-conversation.ts';
import { getConversationEvents } from './conversations/get-conversation-events.ts';
import { getConversations } from './conversations/get-conversations.ts';
import { patchConversation } from './conversations/patch-conversation.ts';
import { deleteKey } from './keys/delete-key.ts';
import { getKeys } from './keys/get-keys.ts';
import { postKey } from './keys/post-key.ts';
import { deleteLease } from './operations/delete-lease.ts';
import { getLeases } from './operations/get-leases.ts';
import { getLimits } from './operations/get-limits.ts';
import { getQueues } from './operations/get-queues.ts';
import { patchLimit } from './operations/patch-limit.ts';
import { deleteQuarantined } from './quarantine/delete-quarantined.ts';
import { getQuarantine } from './quarantine/get-quarantine.ts';
import { postReplayQuarantined } from './quarantine/post-replay.ts';
import { getStatistics } from './statistics/get-statistics.ts';
import { deleteOneSubscriber } from './subscribers/delete-subscriber.ts';
import { getDeliveriesOfSubscriber } from './subscribers/get-deliveries.ts';
import { getOneSubscriber, getSubscribers } from './subscribers/get-subscribers.ts';
import { patchSubscriber } from './subscribers/patch-subscriber.ts';
import { postReplayDelivery } from './subscribers/post-replay-delivery.ts';
import { postSubscriber } from './subscribers/post-subscriber.ts';
import { getDecisions } from './syncs/get-decisions.ts';
import { getFailedPages } from './syncs/get-failed-pages.ts';
import { getOneSync } from './syncs/get-sync.ts';
import { getSyncEvents } from './syncs/get-sync-events.ts';
import { getSyncHistory } from './syncs/get-sync-history.ts';
import { getSyncResults } from './syncs/get-sync-results.ts';
import { getSyncs } from './syncs/get-syncs.ts';
import { postCancel } from './syncs/post-cancel.ts';
import { postPause } from './syncs/post-pause.ts';
import { postResume } from './syncs/post-resume.ts';
import { postRetry } from './syncs/post-retry.ts';
import { postSweep } from './syncs/post-sweep.ts';
import { postSync } from './syncs/post-sync.ts';
import { getHealthz } from './system/get-healthz.ts';
import { getMetrics } from './system/get-metrics.ts';
import { getReadyz } from './system/get-readyz.ts';
import { getRoot } from './system/get-root.ts';
import { getTimingOfConnection } from './timing/get-connection-timing.ts';
import { getTimingOfConversation } from './timing/get-conversation-timing.ts';
import { getDeliveries } from './webhook-deliveries/get-deliveries.ts';
import { getOneDelivery } from './webhook-deliveries/get-delivery.ts';
import { postReplayWebhookDelivery } from './webhook-deliveries/post-replay.ts';
import { postReplayDeliveries } from './webhook-deliveries/post-replay-all.ts';
import { getMessengerHandshake } from './webhooks/get-messenger.ts';
import { postMessengerDelivery } from './webhooks/post-messenger.ts';

/** Every endpoint, in the order the OpenAPI document lists them. */
export const ENDPOINTS: readonly Endpoint[] = [
  postConnection,
  postReset,
  postVerify,
  getConnections,
  getOneConnection,
  patchConnection,
  deleteOneConnection,
  getStateOfConnection,
  getTimingOfConnection,
  putScheduleOfConnection,
  getScheduleOfConnection,
  deleteScheduleOfConnection,
  postSync,
  getSyncs,
  getOneSync,
  postPause,
  postResume,
  postCancel,
  postRetry,
  postSweep,
  getSyncEvents,
  getDecisions,
  getFailedPages,
  getSyncHistory,
  getSyncResults,
  getConversations,
  getOneConversation,
  getConversationEvents,
  getTimingOfConversation,
  patchConversation,
  getConversationTags,
  putConversationTag,
  deleteConversationTag,
  postAutomationRule,
  getAutomationRules,
  getOneAutomationRule,
  patchAutomationRule,
  deleteOneAutomationRule,
  getFiringsOfRule,
  getConflicts,
  postResolveConflict,
  getQuarantine,
  postReplayQuarantined,
  deleteQuarantined,
  postSubscriber,
  getSubscribers,
  getOneSubscriber,
  patchSubscriber,
  deleteOneSubscriber,
  getDeliveriesOfSubscriber,
  postReplayDelivery,
  getStatistics,
  getValidationOfConnection,
  getQueues,
  getLimits,
  patchLimit,
  getLeases,
  deleteLease,
  postKey,
  getKeys,
  deleteKey,
  getDeliveries,
  getOneDelivery,
  postReplayWebhookDelivery,
  postReplayDeliveries,
  getMessengerHandshake,
  postMessengerDelivery,
  getHealthz,
  getReadyz,
  getMetrics,
  getRoot,
];
